/** The command line that asks about a call: to be pasted into a shell. */
import type { CallDocument } from '../../proof/engine.js';
import { NO_TOKEN } from '../../proof/suite/no-token.js';
import type { CallRequest } from '../../routing/request.js';
import { subjectOf } from '../../routing/trace.js';

/** A word as a shell reads it. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/**
 * `ctl route simulate …` for a call. Passwords and tokens are not shown: they are read from files that have yet to
 * be named.
 * @param subject flags that name the configuration
 */
export function simulateCommand(document: CallDocument, subject: readonly string[] = []): string {
  const call = document as Partial<CallRequest>;
  const { source } = call;
  const flag = (name: string, value: string | undefined) => (value === undefined ? [] : [`--${name}`, value]);
  const words = [
    call.dialled ?? '',
    ...flag('from', callerOf(call)),
    ...flag('domain', call.domain),
    ...flag('source-ip', source && addressOf(source)),
    ...flag('transport', source?.transport),
    ...flag('method', call.method === 'INVITE' ? undefined : call.method),
    ...(call.headers ?? []).flatMap(({ name, value }) =>
      name.toLowerCase() === 'x-connect-token'
        ? flag('connect-token-file', 'TOKEN-FILE')
        : flag('header', `${name}: ${value}`),
    ),
    ...tokenFlag(call.connectToken),
    ...flag('password-file', call.password === undefined ? undefined : 'PASSWORD-FILE'),
    ...(call.unauthenticated ? ['--unauthenticated'] : []),
    ...flag('registered', call.registered === 'assume' ? undefined : call.registered),
    ...(call.down ?? []).flatMap(({ kind, ref }) => flag('down', subjectOf(kind, ref))),
    ...subject,
  ];
  return ['ctl', 'route', 'simulate', ...words].map(shellWord).join(' ');
}

function tokenFlag(token: string | undefined): string[] {
  if (token === undefined) return [];
  return token === NO_TOKEN ? ['--connect-token', token] : ['--connect-token-file', 'TOKEN-FILE'];
}

/** A display name goes with the caller, as in a From header (RFC 3261 20.10). */
function callerOf({ from, displayName }: Partial<CallRequest>): string | undefined {
  if (displayName === undefined || from === undefined) return from;
  return `"${displayName.replace(/["\\]/g, '\\$&')}" <${from}>`;
}

const addressOf = ({ ip, port }: { readonly ip: string; readonly port?: number | undefined }): string =>
  port === undefined ? ip : `${ip.includes(':') ? `[${ip}]` : ip}:${port}`;
