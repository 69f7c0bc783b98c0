/** `ctl route why`: what prevented an outcome, and the least change that would give it. */
import { Flags } from '@oclif/core';
import type { CallDocument } from '../../proof/engine.js';
import type { Question } from '../../proof/why/question.js';
import { headerOf, type ConnectClaims, type ConnectToken } from '../../routing/call.js';
import type { Decision } from '../../routing/decision.js';
import type { CallRequest } from '../../routing/request.js';
import { outputFlags } from '../flags.js';
import type { Advice, WhyReport } from '../output/why.js';
import { example } from '../verbs/examples.js';
import { callFlags, CallCommand, dialledArg, named } from './call-command.js';
import { simulateCommand } from './command-line.js';
import { subjectFlags } from './subject.js';

const isToken = ({ name }: { readonly name: string }): boolean => name.toLowerCase() === 'x-connect-token';

export class WhyCommand extends CallCommand {
  static override summary = 'say why a call does not do what you expect, and what would make it';
  static override description =
    'Names the first stage that prevented it, then the least change of the call and the least change of the configuration that would do, each tried on the engine that decides live calls. Nothing is changed. Exit code 0: the call does what is expected; 1: it does not. See docs/why.md.';
  static override args = { dialled: dialledArg };
  static override flags = {
    ...callFlags,
    expect: Flags.string({
      summary:
        'part of the decision and its value: profile=main, trunk=trunk-01, verdict=route, reason=acl-denied; repeatable',
      helpValue: '<part=value>',
      multiple: true,
      multipleNonGreedy: true,
    }),
    ...subjectFlags,
    ...outputFlags,
  };
  static override examples = [
    example(
      'Why does it not reach the profile?',
      'route why +1000 --from 1001@sip.local --expect profile=main',
    ),
    example(
      'Why does it not leave by the trunk, with these files applied?',
      'route why 911 --from 1001@sip.local --expect trunk=trunk-01 --with config/',
    ),
  ];

  protected override readonly usage = 'ctl route why 1000 --from 1001@sip.local --expect profile=main';

  protected override async execute(): Promise<void> {
    const { whyView } = await import('../output/why.js');
    const printer = this.printer(whyView);
    const request = await this.request();
    const snapshot = await this.subject.snapshot();
    const { readExpectations } = await import('./expectations.js');
    const expectations = readExpectations(this.texts('expect'), snapshot);
    const decision = await this.terminal.progress('Deciding', () => this.decide(request, true)).catch(named);
    const question = await questionOf(request, decision);
    const { whyNot } = await import('../../proof/why/why.js');
    const { configure, editCommand } = await import('./configure.js');
    const found = await this.terminal.progress('Looking for what would do', async () =>
      whyNot(snapshot, question, decision, expectations, configure),
    );
    const { outcomeText } = await import('../output/decision.js');
    const report: WhyReport = {
      from: decision.call.raw.from,
      dialled: decision.call.raw.dialled,
      expected: this.texts('expect').map((text) => text.trim()),
      met: found === undefined,
      outcome: outcomeText(decision),
      prevented: found ? { stage: found.prevented.stage, texts: found.prevented.texts } : null,
      call: (found?.call ?? []).map(({ changes, question }): Advice => ({
        changes,
        commands: [simulateCommand(shown(question, request), this.subjectWords)],
      })),
      configuration: (found?.configuration ?? []).map(({ changes, edits }): Advice => ({
        changes,
        commands: edits.map((edit) => editCommand(snapshot, edit)),
      })),
      decision,
    };
    await printer.one(report);
    if (!report.met) process.exitCode = 1;
  }
}

/** The question without secrets: what they were worth, the decision says. */
async function questionOf(request: CallDocument, decision: Decision): Promise<Question> {
  const { password: _password, connectToken, headers, ...rest } = request as unknown as CallRequest;
  const { authentication } = decision.call;
  const call = {
    ...rest,
    headers: headers.filter((header) => !isToken(header)),
    unauthenticated: rest.unauthenticated || authentication === 'failed',
  };
  const token = await tokenOf(connectToken ?? headerOf({ headers }, 'X-Connect-Token'), decision);
  return { call, token, now: Date.now() };
}

/** The token as the decision found it; the claims of a valid one stand in itself. */
async function tokenOf(jwt: string | undefined, { call }: Decision): Promise<ConnectToken> {
  const state = call.connectToken;
  if (state !== 'valid') return { state };
  const { inspectConnectToken } = await import('../../api/connect-token.js');
  const { claims } = await inspectConnectToken(jwt!, undefined, Date.now());
  return { state, claims: claims as unknown as ConnectClaims };
}

/** A question as a command line asks it: with the files of secrets that it needs. */
function shown({ call, token }: Question, request: CallDocument): CallDocument {
  const { password } = request;
  return {
    ...call,
    ...(password !== undefined && !call.unauthenticated && { password }),
    ...(token.state !== 'none' && { connectToken: '' }),
  };
}
