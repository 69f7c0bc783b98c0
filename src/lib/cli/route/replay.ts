/** `ctl route replay`: how the calls of the past would fare. */
import { Args, Flags } from '@oclif/core';
import { CtlError } from '../../errors.js';
import { CHANGES } from '../../proof/replay/compare.js';
import { INPUTS, type InputName } from '../../proof/replay/detect.js';
import { readMapping } from '../../proof/replay/layout.js';
import type { Replay, Report } from '../../proof/replay/report.js';
import { didYouMean } from '../../kinds/nearest.js';
import { quote } from '../../kinds/words.js';
import type { Engine } from '../../proof/engine.js';
import { outputFlags } from '../flags.js';
import { inputError } from '../input/problems.js';
import { groupView, replayView } from '../output/replay.js';
import { example } from '../verbs/examples.js';
import type { PastFileOptions } from './past-files.js';
import { SubjectCommand, subjectFlags } from './subject.js';

const SHOWN = ['groups', 'changes', 'calls'] as const;

export class ReplayCommand extends SubjectCommand {
  static override summary = 'say how calls of the past would fare, from CDRs, SIP messages or captures';
  static override description =
    'Decides each call anew and compares: with what the record says became of it, or, with --with, the configuration as it is with the files laid over it. Reads CSV, JSONL, logs of acc, SIP messages as text, pcap and pcapng, also packed with gzip. Broken records are counted and named. See docs/replay.md.';
  static override strict = false;
  static override args = {
    file: Args.string({ description: 'file of past calls, - for stdin; repeatable' }),
  };
  static override flags = {
    input: Flags.string({
      summary: 'what the files are [default: by how they begin]',
      options: [...INPUTS],
      helpValue: INPUTS.join('|'),
    }),
    column: Flags.string({
      summary: 'column of CDRs that is this field, by its header or its number from 1; repeatable',
      helpValue: '<field=column>',
      multiple: true,
      multipleNonGreedy: true,
    }),
    delimiter: Flags.string({
      summary: 'what stands between values of CSV [default: what the first line has most of]',
      helpValue: '<character>',
    }),
    domain: Flags.string({
      summary:
        'of calls that do not say: chooses among agents with the same user; stands in for a missing host',
    }),
    server: Flags.string({
      summary: 'in captures only INVITEs to this address are calls; repeatable',
      helpValue: '<ip>',
      multiple: true,
      multipleNonGreedy: true,
    }),
    recorded: Flags.boolean({
      summary: 'compare with what the records say, also where there is --with',
    }),
    show: Flags.string({
      summary: 'what to print: groups of calls that fare alike, each call that changes, each call',
      options: [...SHOWN],
      default: 'groups',
      helpValue: SHOWN.join('|'),
    }),
    'exit-code': Flags.boolean({ summary: 'exit with 1 when a call does not fare as it did' }),
    ...subjectFlags,
    ...outputFlags,
  };
  static override examples = [
    example("How would yesterday's calls fare?", 'route replay Master.csv'),
    example('Which of them would these files change?', 'route replay Master.csv --with config/'),
    example(
      'From a capture, each call that changes, for a program',
      'route replay trunk-01.pcap --with config/ --show changes --output jsonl',
    ),
    example(
      'CDRs with columns of their own',
      'route replay cdr.csv --column dialled=b_number --column from=a_number',
    ),
  ];

  protected override async execute(): Promise<void> {
    if (this.positional.length === 0)
      throw new CtlError('usage', 'missing the files of past calls', {
        hint: 'Such as: ctl route replay Master.csv',
      });
    const { PastFiles } = await import('./past-files.js');
    const { Report } = await import('../../proof/replay/report.js');
    const { replay } = await import('../../proof/replay/replay.js');
    const show = this.text('show');
    const print = show === 'groups' ? undefined : this.printer(replayView);
    const groups = this.printer(groupView);
    const options = this.options();
    const report = new Report();
    const [after, before] = await this.engines();
    if (options.domain !== undefined)
      for (const engine of before ? [before, after] : [after]) await this.checkDomain(engine, options.domain);
    await this.terminal.progress('Replaying', async (say) => {
      let place = '';
      const tell = () => say(`Replayed ${counted(report.calls, 'call')}, ${place}`);
      const onProgress = (text: string) => {
        place = text;
        tell();
      };
      const files = new PastFiles(this.positional, { ...options, onProgress }, report.passedOver);
      const replays = telling(replay(files.batches(), report, after, before), tell);
      if (print) await print.batches(show === 'calls' ? replays : changesOf(replays));
      else for await (const _ of replays);
    });
    if (!print) await groups.list(report.groups);
    await this.conclude(report);
    if (report.calls === 0 && report.broken + report.undecided > 0) throw nothingDecided(report);
    if (this.on('exit-code') && report.differs) process.exitCode = 1;
  }

  private options(): Omit<PastFileOptions, 'onProgress'> {
    const delimiter = this.text('delimiter');
    if (delimiter !== undefined && (delimiter.length !== 1 || /["\r\n]/.test(delimiter)))
      throw inputError('cannot read CSV', [
        { field: '--delimiter', message: `is ${quote(delimiter)}: expected one character, such as ;` },
      ]);
    return {
      input: this.text('input') as InputName | undefined,
      mapping: readMapping(this.texts('column')),
      delimiter,
      domain: this.text('domain'),
      servers: this.texts('server'),
    };
  }

  /** What decides, and what it is compared with, if that is not the records. */
  private async engines(): Promise<[after: Engine, before?: Engine]> {
    const after = await this.subject.engine();
    if (this.texts('with').length === 0 || this.on('recorded')) return [after];
    return [after, await this.subjectOf({ ...this.origin, over: [] }).engine()];
  }

  /** Whether a domain is one: where it is none, every call would say so. @throws CtlError not-found */
  private async checkDomain(engine: Engine, domain: string): Promise<void> {
    const { answersTo } = await import('../../proof/engine.js');
    const [answer] = await answersTo(engine, [{ dialled: 'anybody', domain }]);
    if (!('error' in answer!)) return;
    if (answer.error.code !== 'not-found') throw answer.error;
    const { catalog } = await this.subject.snapshot();
    const known = [...catalog.all('Domain')].flatMap((one) => [one.ref, catalog.label(one)]);
    const message = `names ${quote(domain)}, but there is no such domain${didYouMean(domain, known)}`;
    throw new CtlError('not-found', `cannot replay the calls: --domain ${message}`, {
      hint: 'See "ctl domains list".',
      fields: [{ field: '--domain', message }],
    });
  }

  private async conclude(report: Report): Promise<void> {
    const { counts, faults, passedOver } = report;
    for (const { place, message } of faults) await this.terminal.warn(`${place} ${message}`);
    const more = report.broken + report.undecided - faults.length;
    if (more > 0) await this.terminal.warn(`${counted(more, 'more fault')}`);
    for (const [what, count] of passedOver) {
      const example = passedOver.examples.get(what);
      const such = example === undefined ? '' : `, such as ${quote(example)}`;
      await this.terminal.confirm(`Passed over: ${what} (${count.toLocaleString('en')})${such}`);
    }
    const fared = CHANGES.filter((change) => change === 'same' || counts[change] > 0).map(
      (change) => `${counts[change].toLocaleString('en')} ${change}`,
    );
    await this.terminal.confirm(
      [`${counted(report.calls, 'call')}: ${fared.join(', ')}`, ...faultsIn(report)].join('; '),
    );
  }
}

const faultsIn = ({ broken, undecided }: Report): string[] => [
  ...(broken > 0 ? [counted(broken, 'broken record')] : []),
  ...(undecided > 0 ? [`${counted(undecided, 'call')} undecided`] : []),
];

/** The error for files in which nothing is a call: another format, say, or other columns. */
const nothingDecided = (report: Report): CtlError =>
  new CtlError('usage', `no call could be decided: ${faultsIn(report).join(', ')}`, {
    hint:
      report.undecided > 0
        ? 'Say which columns have the caller and what was dialled: --column from=src --column dialled=dst.'
        : 'Say what the files are, such as --input csv, and what stands in their columns: --column dialled=dst.',
  });

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

/** The same batches; tells of each once it is counted. */
async function* telling<T>(batches: AsyncIterable<T>, tell: () => void): AsyncGenerator<T> {
  for await (const batch of batches) {
    tell();
    yield batch;
  }
}

async function* changesOf(batches: AsyncIterable<readonly Replay[]>): AsyncGenerator<readonly Replay[]> {
  for await (const batch of batches)
    yield batch.filter(({ change }) => change !== 'same' && change !== 'untold');
}
