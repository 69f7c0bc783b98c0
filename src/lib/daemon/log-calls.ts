/** What gRPC has to say, in our log: a line for each call at debug, and its own messages. */
import {
  ResponderBuilder,
  type ServerInterceptor,
  ServerInterceptingCall,
  setLogger,
  status,
} from '@grpc/grpc-js';
import type { Logger } from './logger.js';

/**
 * Interceptors that log method, status and milliseconds of each call, never what was sent; none when the lines
 * would not be seen.
 */
export function logCalls(logger: Logger): ServerInterceptor[] {
  if (!logger.isLevelEnabled('debug')) return [];
  return [
    ({ path }, call) => {
      const started = performance.now();
      const responder = new ResponderBuilder()
        .withSendStatus((answer, next) => {
          const ms = Math.round((performance.now() - started) * 10) / 10;
          logger.debug({ method: path, status: status[answer.code ?? status.OK], ms }, 'call');
          next(answer);
        })
        .build();
      return new ServerInterceptingCall(call, responder);
    },
  ];
}

/** Takes grpc-js's own messages off stderr. They repeat what errors tell, so they are for debugging only. */
export function logLibrary(logger: Logger): void {
  const log = (...words: unknown[]) => logger.debug({ grpc: words.join(' ') }, 'grpc');
  setLogger({ error: log, info: log, debug: log });
}
