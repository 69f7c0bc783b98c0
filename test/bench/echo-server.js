/** A bare grpc-js server that answers every unary call with what it got: the least that a call can cost. */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { echo } from './echo.js';

const server = new Server();
server.addService({ echo }, { echo: (call, callback) => callback(null, call.request) });
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.send(port);
});
process.on('disconnect', () => process.exit());
