/** One log line for each call, at debug: method, status and milliseconds. Never what was sent. */
import { ResponderBuilder, type ServerInterceptor, ServerInterceptingCall, status } from '@grpc/grpc-js';
import type { Logger } from './logger.js';

/** Interceptors for the server; none when the lines would not be seen. */
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
