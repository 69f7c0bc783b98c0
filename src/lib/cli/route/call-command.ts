/** One call as the command line describes it: the flags, and the request that they make. */
import { Args, Flags } from '@oclif/core';
import { CtlError, type FieldError } from '../../errors.js';
import { CAN_BE_DOWN, canBeDown, parseDown, parseHeader, parseSource } from '../../proof/calls.js';
import type { CallDocument } from '../../proof/engine.js';
import type { Decision } from '../../routing/decision.js';
import { inputError, renameFields } from '../input/problems.js';
import { readSecret } from '../input/secret.js';
import { processSources } from '../input/source.js';
import { SubjectCommand } from './subject.js';

export const dialledArg = Args.string({
  description: 'what is dialled: 1002, +19103434434, concierge, sip:1002@sip.local',
});

/** Flags that say something of one call. */
export const callFlags = {
  from: Flags.string({
    summary: 'who calls: a ref, a user, or a SIP URI [default: an anonymous outside caller]',
    helpValue: '<who>',
  }),
  domain: Flags.string({
    summary: 'chooses among agents with the same user; stands in for a missing host',
  }),
  'source-ip': Flags.string({
    summary: 'address the call comes from [default: an allowed one]',
    helpValue: '<ip[:port]>',
  }),
  transport: Flags.string({ summary: 'transport the call comes by', helpValue: 'UDP|TCP|TLS|WS|WSS|SCTP' }),
  method: Flags.string({ summary: 'SIP method [default: INVITE]' }),
  header: Flags.string({
    summary: 'header of the call; repeatable',
    helpValue: "'Name: value'",
    multiple: true,
    multipleNonGreedy: true,
  }),
  'connect-token': Flags.string({
    summary: 'connect token (JWT), as header X-Connect-Token',
    exclusive: ['connect-token-file'],
  }),
  'connect-token-file': Flags.string({
    summary: 'file with the connect token, - for stdin',
    helpValue: '<file>',
  }),
  'password-file': Flags.string({
    summary: 'file with the password the caller gives, - for stdin [default: the right one]',
    helpValue: '<file>',
    exclusive: ['unauthenticated'],
  }),
  unauthenticated: Flags.boolean({ summary: 'the caller does not authenticate' }),
  registered: Flags.string({
    summary: 'whether endpoints that must register have done so [default: assume]',
    helpValue: 'assume|none',
  }),
  down: Flags.string({
    summary: 'trunk, agent or peer to treat as out of order; repeatable',
    helpValue: '<kind/ref>',
    multiple: true,
    multipleNonGreedy: true,
  }),
};

/** A command about one call, with `dialledArg` and `callFlags`. */
export class CallCommand extends SubjectCommand {
  /** A command line with what is dialled, for whoever leaves it out. */
  protected readonly usage: string = 'ctl route simulate +17853178070 --from 1001@sip.local';

  /** The call request of routing/request.ts. */
  protected async request(): Promise<CallDocument> {
    const [dialled] = this.positional;
    if (dialled === undefined || dialled.trim() === '')
      throw new CtlError('usage', 'missing what is dialled', {
        hint: `Such as: ${this.usage}`,
      });
    const problems: FieldError[] = [];
    const tokenFile = this.text('connect-token-file');
    const passwordFile = this.text('password-file');
    const request = {
      dialled,
      from: this.text('from'),
      domain: this.text('domain'),
      method: this.text('method')?.toUpperCase(),
      source: this.source(problems),
      headers: this.texts('header').flatMap((text) => readHeader(text, problems)),
      connectToken:
        tokenFile === undefined
          ? this.text('connect-token')
          : (await readSecret(processSources, tokenFile, '--connect-token-file')).trim(),
      password:
        passwordFile === undefined
          ? undefined
          : await readSecret(processSources, passwordFile, '--password-file'),
      unauthenticated: this.on('unauthenticated'),
      registered: this.text('registered'),
      down: this.texts('down').flatMap((text) => readDown(text, problems)),
    };
    if (problems.length > 0) throw inputError('cannot simulate the call', problems);
    return request;
  }

  /** The decision of the configuration that was chosen. */
  protected async decide(request: CallDocument, explain: boolean): Promise<Decision> {
    if (['config', 'with', 'revision'].every((flag) => this.values[flag] === undefined)) {
      const client = await this.client();
      return JSON.parse(await client.simulate(JSON.stringify(request), explain)) as Decision;
    }
    const engine = await this.subject.engine();
    const { answersTo } = await import('../../proof/engine.js');
    const [answer] = await answersTo(engine, [request], { explain });
    if ('error' in answer!) throw answer.error;
    return answer!.decision;
  }

  private source(problems: FieldError[]): object | undefined {
    const text = this.text('source-ip');
    const transport = this.text('transport')?.toUpperCase();
    if (text === undefined) {
      if (transport !== undefined)
        problems.push({ field: '--transport', message: 'needs --source-ip: expected both or neither' });
      return undefined;
    }
    const parsed = parseSource(text);
    if (parsed) return { ...parsed, transport };
    problems.push({
      field: '--source-ip',
      message: `${JSON.stringify(text)} is no address: expected IP or IP:port, [IPv6]:port`,
    });
    return undefined;
  }
}

function readHeader(text: string, problems: FieldError[]): { name: string; value: string }[] {
  const header = parseHeader(text);
  if (header) return [header];
  // The text may be a token without its name: it is not shown.
  problems.push({ field: '--header', message: "has no name and colon: expected 'Name: value'" });
  return [];
}

function readDown(text: string, problems: FieldError[]): { kind: string; ref: string }[] {
  const down = parseDown(text);
  if (down && canBeDown(down)) return [down];
  const message = down
    ? `${JSON.stringify(text)} is no outage: expected ${CAN_BE_DOWN}`
    : `${JSON.stringify(text)} names no resource: expected KIND/REF, such as trunks/trunk-01`;
  problems.push({ field: '--down', message });
  return [];
}

const FLAGS: Record<string, string> = {
  'source.ip': '--source-ip',
  'source.port': '--source-ip',
  'source.transport': '--transport',
  headers: '--header',
  dialled: 'DIALLED',
};

/** Throws the error again, with the fields of a request named by the flags that gave them. */
export function named(error: unknown): never {
  throw error instanceof CtlError
    ? renameFields(error, (field) => FLAGS[field] ?? (/^[a-z]+$/i.test(field) ? `--${field}` : field))
    : error;
}
