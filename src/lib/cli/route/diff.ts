/** `ctl route diff`: the calls whose outcome changes from one configuration to another. */
import { Args, Flags } from '@oclif/core';
import { CtlError } from '../../errors.js';
import { ClientCommand } from '../base.js';
import { outputFlags } from '../flags.js';
import { example } from '../verbs/examples.js';
import { type Origin, Subject, wordsOf } from './subject.js';

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
    const words = wordsOf(after);
    const subjects = [this.subjectOf(before), this.subjectOf(after)] as const;
    const calls = this.text('calls');
    const { changesIn, changesView, impactView } = await import('../output/impact.js');
    const { changesCalls } = await import('../../proof/impact/impact.js');
    const inRows = this.format === 'csv' || this.text('fields') !== undefined;
    // What is wrong with the flags is said before the work.
    const rows = inRows ? this.printer(changesView) : undefined;
    const whole = rows ? undefined : this.printer(impactView(words));
    const found =
      calls === undefined
        ? await (await import('./impact.js')).findImpact(this.terminal, ...subjects)
        : await (await import('./traffic.js')).compareTraffic(this.terminal, ...subjects, calls);
    await (rows?.list(changesIn(found, words)) ?? whole!.one(found));
    if (this.on('exit-code') && changesCalls(found)) process.exitCode = 1;
  }

  /** The two configurations; the examples are of the second one. */
  private sides(): readonly [Origin, Origin] {
    const over = this.texts('with');
    const [first = over.length > 0 ? 'live' : undefined, second] = this.positional;
    if (first === undefined)
      throw new CtlError('usage', 'missing what to compare', {
        hint: 'Such as: ctl route diff live config/, or: ctl route diff 12 live, or: ctl route diff --with change.yaml',
      });
    if (second !== undefined) return [originOf(first, 'BEFORE'), originOf(second, 'AFTER', over)];
    if (over.length > 0) return [originOf(first, 'BEFORE'), originOf(first, 'BEFORE', over)];
    return [originOf('live', 'BEFORE'), originOf(first, 'AFTER')];
  }

  private subjectOf(origin: Origin): Subject {
    return new Subject(origin, {
      terminal: this.terminal,
      lenient: this.on('lenient'),
      keyFile: undefined,
      client: () => this.client(),
    });
  }
}

const originOf = (side: string, name: string, over: readonly string[] = []): Origin =>
  /^\d+$/.test(side)
    ? { revision: Number(side), over }
    : { revision: 0, over, files: side === 'live' ? undefined : [side], name };
