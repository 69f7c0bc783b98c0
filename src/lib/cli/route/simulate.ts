/** `ctl route simulate`: what a call would do, and why. */
import { Flags } from '@oclif/core';
import { outputFlags } from '../flags.js';
import { inputError } from '../input/problems.js';
import { decisionView } from '../output/decision.js';
import { isForPrograms } from '../output/format.js';
import { example } from '../verbs/examples.js';
import { callFlags, CallCommand, dialledArg, named } from './call-command.js';
import { subjectFlags } from './subject.js';

export class SimulateCommand extends CallCommand {
  static override summary = 'say what a call would do and why, without placing it';
  static override description =
    'Decides the call with the engine that decides live calls. What is not given is assumed, and every assumption is shown. Exit code 0: the call is delivered; 1: it is rejected. With --calls many calls are decided, and exit code 1 needs --fail-on-reject.';
  static override args = { dialled: dialledArg };
  static override flags = {
    ...callFlags,
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

  private async decideAll(): Promise<void> {
    const given = Object.keys(callFlags).filter((flag) => this.values[flag]);
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
      whole: isForPrograms(this.format) && this.text('fields') === undefined,
      explain: this.on('explain'),
      terminal: this.terminal,
      printer: (view) => this.printer(view),
    });
    if (undecided > 0) process.exitCode = 2;
    else if (rejected > 0 && this.on('fail-on-reject')) process.exitCode = 1;
  }
}
