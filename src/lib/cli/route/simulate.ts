/** `ctl route simulate`: what a call would do, and why. */
import { Args, Flags } from '@oclif/core';
import { CtlError, type FieldError } from '../../errors.js';
import type { CallDocument } from '../../proof/engine.js';
import type { Decision } from '../../routing/decision.js';
import { parseDown, parseHeader, parseSource } from '../../proof/calls.js';
import { outputFlags } from '../flags.js';
import { inputError, renameFields } from '../input/problems.js';
import { readSecret } from '../input/secret.js';
import { processSources } from '../input/source.js';
import { decisionView } from '../output/decision.js';
import { example } from '../verbs/examples.js';
import { SubjectCommand, subjectFlags } from './subject.js';

export class SimulateCommand extends SubjectCommand {
  static override summary = 'say what a call would do and why, without placing it';
  static override description =
    'Decides the call with the engine that decides live calls. What is not given is assumed, and every assumption is shown. Exit code 0: the call is delivered; 1: it is rejected. With --calls many calls are decided, and exit code 1 needs --fail-on-reject.';
  static override args = {
    dialled: Args.string({
      description: 'what is dialled: 1002, +19103434434, concierge, sip:1002@sip.local',
    }),
  };
  static override flags = {
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
      summary: 'resource to treat as out of order; repeatable',
      helpValue: '<kind/ref>',
      multiple: true,
      multipleNonGreedy: true,
    }),
    explain: Flags.boolean({ summary: 'show every stage and every rule that was tried' }),
    calls: Flags.string({
      summary: 'decide the calls of a file instead: CSV with a header or JSONL, - for stdin',
      helpValue: '<file>',
    }),
    'fail-on-reject': Flags.boolean({
      summary: 'with --calls: exit with 1 when a call is rejected',
      dependsOn: ['calls'],
    }),
    ...subjectFlags,
    ...outputFlags,
  };
  static override examples = [
    example('An agent dials a number', 'route simulate +17853178070 --from 1001@sip.local'),
    example(
      'An outside call to a SIP route, with every rule that was tried',
      'route simulate 1000 --explain',
    ),
    example(
      'A peer calls out by a number of ours',
      "route simulate +17853178070 --from asterisk --header 'X-DOD-Number: +19103434434'",
    ),
    example('What would it do with these files applied?', 'route simulate 1002 --from 1001 --with config/'),
    example("A day's calls, as one decision a line", 'route simulate --calls calls.csv --output jsonl'),
  ];

  protected override async execute(): Promise<void> {
    if (this.text('calls') !== undefined) return this.decideAll();
    const explain = this.on('explain');
    const printer = this.printer(decisionView({ explain }));
    const request = await this.request();
    const decision = await this.terminal
      .progress('Deciding', () => this.decide(request, explain))
      .catch(named);
    await printer.one(decision);
    if (decision.verdict === 'reject') process.exitCode = 1;
  }

  private async decide(request: CallDocument, explain: boolean): Promise<Decision> {
    if (['config', 'with', 'revision'].every((flag) => this.values[flag] === undefined)) {
      const client = await this.client();
      return JSON.parse(await client.simulate(JSON.stringify(request), explain)) as Decision;
    }
    const engine = await this.subject.engine();
    for await (const answer of engine.answers([request], { explain })) {
      if ('error' in answer) throw answer.error;
      return answer.decision;
    }
    throw new Error('the engine gave no answer');
  }

  private async decideAll(): Promise<void> {
    const given = Object.keys(this.values).filter((flag) => OF_ONE_CALL.includes(flag) && this.values[flag]);
    const [dialled] = this.positional;
    if (dialled !== undefined) given.unshift(JSON.stringify(dialled));
    if (given.length > 0)
      throw inputError(
        'cannot simulate the calls',
        given.map((flag) => ({
          field: flag.startsWith('"') ? flag : `--${flag}`,
          message: 'stands beside --calls: expected it as a column of the file',
        })),
      );
    const { decideCalls } = await import('./bulk.js');
    const { rejected, undecided } = await decideCalls(await this.subject.engine(), {
      path: this.text('calls')!,
      explain: this.on('explain'),
      terminal: this.terminal,
      printer: (view) => this.printer(view),
    });
    if (undecided > 0) process.exitCode = 2;
    else if (rejected > 0 && this.on('fail-on-reject')) process.exitCode = 1;
  }

  /** The call request of routing/request.ts. */
  private async request(): Promise<CallDocument> {
    const [dialled] = this.positional;
    if (dialled === undefined || dialled.trim() === '')
      throw new CtlError('usage', 'missing what is dialled', {
        hint: 'Such as: ctl route simulate +17853178070 --from 1001@sip.local',
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
  if (down) return [down];
  const message = `${JSON.stringify(text)} names no resource: expected KIND/REF, such as trunks/trunk-01`;
  problems.push({ field: '--down', message });
  return [];
}

/** Flags that say something of one call. */
const OF_ONE_CALL: readonly string[] = [
  'from',
  'domain',
  'source-ip',
  'transport',
  'method',
  'header',
  'connect-token',
  'connect-token-file',
  'password-file',
  'unauthenticated',
  'registered',
  'down',
];

const FLAGS: Record<string, string> = {
  'source.ip': '--source-ip',
  'source.port': '--source-ip',
  'source.transport': '--transport',
  headers: '--header',
  dialled: 'DIALLED',
};

/** Fields of the request, by the flags that gave them. */
function named(error: unknown): never {
  throw error instanceof CtlError
    ? renameFields(error, (field) => FLAGS[field] ?? (/^[a-z]+$/i.test(field) ? `--${field}` : field))
    : error;
}
