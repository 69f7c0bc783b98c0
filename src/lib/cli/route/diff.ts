/** `ctl route diff`: the calls whose outcome changes from one configuration to another. */
import { Args, Flags } from '@oclif/core';
import { CtlError } from '../../errors.js';
import { ClientCommand } from '../base.js';
import { outputFlags } from '../flags.js';
import { example } from '../verbs/examples.js';
import { type Origin, Subject } from './subject.js';

export class RouteDiffCommand extends ClientCommand {
  static override summary = 'say which calls would fare otherwise in another configuration';
  static override description =
    'Each side is "live", a revision, or files that are a whole configuration; with one side alone, what it would change of what is live. With --with the second side is the first one, or the one that is named, with those files laid over it. Every known caller dials everything that either side tells apart; for egress rules the exact set of all strings that change is given, so that numbers on no list are covered too.';
  static override args = {
    before: Args.string({ description: 'live, a revision, or files', required: false }),
    after: Args.string({ description: 'live, a revision, or files', required: false }),
  };
  static override flags = {
    calls: Flags.string({
      summary:
        'compare the calls of a file instead, such as past traffic: CSV with a header or JSONL, - for stdin',
      helpValue: '<file>',
    }),
    with: Flags.string({
      summary: 'lay these files over the second side, as apply would; repeatable',
      helpValue: '<path>',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'exit-code': Flags.boolean({ summary: 'exit with 1 when a call changes' }),
    lenient: Flags.boolean({ summary: 'warn about unknown keys instead of refusing them' }),
    ...outputFlags,
  };
  static override examples = [
    example('What would these files do to calls?', 'route diff live config/'),
    example('And these, laid over what is live?', 'route diff --with change.yaml'),
    example('What did the change since revision 12 do?', 'route diff 12 live'),
    example("Weighed by yesterday's calls", 'route diff live config/ --calls calls.csv'),
  ];

  protected override async execute(): Promise<void> {
    const [before, after] = this.sides();
    const calls = this.text('calls');
    const impact = await import('./impact.js');
    const printer = this.printer(impact.impactView);
    const found =
      calls === undefined
        ? await impact.findImpact(this.terminal, before, after)
        : await (await import('./traffic.js')).compareTraffic(this.terminal, before, after, calls);
    await printer.one(found);
    if (this.on('exit-code') && impact.changesCalls(found)) process.exitCode = 1;
  }

  private sides(): readonly [Subject, Subject] {
    const over = this.texts('with');
    const [first = over.length > 0 ? 'live' : undefined, second] = this.positional;
    if (first === undefined)
      throw new CtlError('usage', 'missing what to compare', {
        hint: 'Such as: ctl route diff live config/, or: ctl route diff 12 live, or: ctl route diff --with change.yaml',
      });
    if (second !== undefined) return [this.subjectOf(first, 'BEFORE'), this.subjectOf(second, 'AFTER', over)];
    if (over.length > 0) return [this.subjectOf(first, 'BEFORE'), this.subjectOf(first, 'BEFORE', over)];
    return [this.subjectOf('live', 'BEFORE'), this.subjectOf(first, 'AFTER')];
  }

  private subjectOf(side: string, name: string, over: readonly string[] = []): Subject {
    const origin: Origin = /^\d+$/.test(side)
      ? { revision: Number(side), over }
      : { revision: 0, over, files: side === 'live' ? undefined : [side], name };
    return new Subject(origin, {
      terminal: this.terminal,
      lenient: this.on('lenient'),
      keyFile: undefined,
      client: () => this.client(),
    });
  }
}
