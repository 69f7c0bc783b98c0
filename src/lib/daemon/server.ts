/** The composition root of `ctl serve`: store, core, faces, health and reflection on one gRPC server. */
import type { KeyObject } from 'node:crypto';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { CtlError } from '../errors.js';
import { SqliteStore } from '../store/sqlite.js';
import { readPublicKey, verifyConnectToken } from '../api/connect-token.js';
import { registerConnect } from './connect/index.js';
import { Core } from './core.js';
import { addressOf, type Listen, parseListen } from './listen.js';
import { logCalls, logLibrary } from './log-calls.js';
import type { Logger } from './logger.js';
import { addReflection } from './reflection.js';
import { registerResources } from './resources.js';
import { registerRouting } from './routing.js';
import { registerSystem, type SystemFacts } from './system.js';

export interface DaemonOptions {
  /** `host:port`; port 0 is any free one. */
  readonly listen: string;
  /** Allow an address that is not loopback. */
  readonly insecure?: boolean | undefined;
  /** Folder of the store; created when missing. Absent: in memory. */
  readonly dataDir?: string | undefined;
  /** So many revisions are kept, the newest; at least 1. Absent: all. */
  readonly keep?: number | undefined;
  /** PEM text of the public key that verifies connect tokens. */
  readonly connectTokenKey?: string | undefined;
  readonly logger: Logger;
  readonly version: string;
}

export interface Daemon {
  /** `host:port` that it listens on. */
  readonly address: string;
  readonly port: number;
  /** The revision it started with. */
  readonly revision: number;
  /** Description of the store. */
  readonly store: string;
  readonly core: Core;
  /** Refuses new calls, finishes those in flight within 10 s, and closes the store. */
  stop(): Promise<void>;
}

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
const STOP_MS = 10_000;
/** What health is asked about: the server as a whole, and our own services. */
const HEALTH = ['', 'ctl.v1.Resources', 'ctl.v1.Routing', 'ctl.v1.System'];

/**
 * Starts the daemon; it serves when the promise resolves.
 *
 * @throws CtlError usage for a bad option; conflict when the address or data directory is taken; permission
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const listen = parseListen(options.listen, options.insecure ?? false);
  const tokenKey = options.connectTokenKey === undefined ? undefined : readPublicKey(options.connectTokenKey);
  logLibrary(options.logger);
  const { keep, logger } = options;
  checkKeep(keep);
  const core = await Core.open(await SqliteStore.open(options.dataDir), { keep, logger });
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    interceptors: logCalls(options.logger),
  });
  const bound = { ...listen };
  const health = register(server, core, tokenKey, {
    version: options.version,
    address: () => addressOf(bound),
    startedAt: Date.now(),
    connectTokenKey: tokenKey !== undefined,
  });
  try {
    bound.port = await bind(server, listen);
  } catch (error) {
    await core.close();
    throw error;
  }
  return {
    address: addressOf(bound),
    port: bound.port,
    revision: core.catalog.revision,
    store: core.store.description,
    core,
    stop: async () => {
      for (const name of HEALTH) health.setStatus(name, 'NOT_SERVING');
      await shutDown(server);
      await core.close();
    },
  };
}

/** @throws CtlError usage for a number of revisions that cannot be kept */
function checkKeep(keep = 1): void {
  if (Number.isInteger(keep) && keep >= 1) return;
  throw new CtlError('usage', `cannot keep ${keep} revisions: expected a whole number from 1`);
}

/** Adds every face to the server. */
function register(
  server: Server,
  core: Core,
  tokenKey: KeyObject | undefined,
  facts: SystemFacts,
): HealthImplementation {
  registerResources(server, core);
  registerRouting(server, core, (jwt, now) => verifyConnectToken(jwt, tokenKey, now));
  registerSystem(server, core, facts);
  registerConnect(server, core);
  const health = new HealthImplementation(Object.fromEntries(HEALTH.map((name) => [name, 'SERVING'])));
  health.addToServer(server);
  addReflection(server);
  return health;
}

/** The port that was bound. */
function bind(server: Server, listen: Listen): Promise<number> {
  const address = addressOf(listen);
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(bindError(address, error));
      else resolve(port);
    });
  });
}

function bindError(address: string, cause: Error): CtlError {
  if (/EADDRINUSE/.test(cause.message))
    return new CtlError('conflict', `cannot listen on ${address}: another process does`, {
      hint: 'see "ctl status", stop the other one, or give --listen another port',
      cause,
    });
  const code = /EACCES/.test(cause.message) ? 'permission' : 'usage';
  return new CtlError(code, `cannot listen on ${address}: ${cause.message}`, { cause });
}

/** Waits for calls in flight, but not for ever. */
function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, STOP_MS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
