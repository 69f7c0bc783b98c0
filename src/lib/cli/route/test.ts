/** `ctl route test`: are calls decided as the cases of files expect? */
import { Args, Flags } from '@oclif/core';
import { writeFile } from 'node:fs/promises';
import { CtlError } from '../../errors.js';
import { outputFlags } from '../flags.js';
import { inputError } from '../input/problems.js';
import { isForPrograms } from '../output/format.js';
import { painterFor } from '../output/paint.js';
import { example } from '../verbs/examples.js';
import { shellWord, simulateCommand } from './command-line.js';
import { SubjectCommand, subjectFlags } from './subject.js';
import type { SuiteReport } from './suite.js';

export class TestCommand extends SubjectCommand {
  static override summary = 'run routing tests: calls, and what is expected of their decisions';
  static override description =
    'Cases stand in YAML, JSON, JSONL or CSV: a name, a call, and what is expected of its decision, exactly or by /pattern/. Exit code 0: all pass; 1: one fails, or less is covered than --fail-under asks for; 2: a file is wrong. See docs/testing.md.';
  static override strict = false;
  static override args = {
    file: Args.string({ description: 'file or folder of cases, - for stdin; several', required: false }),
  };
  static override flags = {
    coverage: Flags.boolean({
      summary: 'list what of the configuration no test reaches, with a call that would',
    }),
    'fail-under': Flags.string({
      summary: 'exit with 1 when less is covered, in percent; implies --coverage',
      helpValue: '<percent>',
    }),
    suggest: Flags.string({
      summary: 'write cases for what no test reaches or notices, as it is decided now; - for stdout',
      helpValue: '<file>',
    }),
    mutate: Flags.boolean({
      summary: 'make one mistake in the configuration at a time, and list those that no test notices',
    }),
    tap: Flags.boolean({ summary: 'print the results as TAP 14', exclusive: ['output', 'json'] }),
    junit: Flags.string({ summary: 'write the results as JUnit XML too', helpValue: '<file>' }),
    ...subjectFlags,
    ...outputFlags,
  };
  static override examples = [
    example('Does the daemon route as the cases say?', 'route test tests/'),
    example('Would it, with these files applied?', 'route test tests/ --with config/'),
    example(
      'In CI, with no daemon',
      'route test tests/ --config config/ --junit results.xml --fail-under 90',
    ),
    example('Begin a suite with what is done now', 'route test --config config/ --suggest tests.yaml'),
    example('What could break without a test to notice?', 'route test tests/ --mutate'),
  ];

  protected override async execute(): Promise<void> {
    const least = readPercent(this.text('fail-under'));
    await this.checkFiles();
    const { reportView, resultsView } = await import('../output/suite.js');
    const list =
      isForPrograms(this.format) && this.format !== 'jsonl'
        ? undefined
        : this.printer(resultsView(this.commandOf));
    const document = list ? undefined : this.printer(reportView(this.commandOf));
    const cases = await this.cases();
    const { runTests } = await import('./suite.js');
    const started = Date.now();
    const wishes = {
      coverage: this.on('coverage') || least !== undefined,
      mutate: this.on('mutate'),
      suggest: this.text('suggest') !== undefined,
    };
    const report = await this.terminal.progress('Running the tests', (say) =>
      runTests(cases, this.subject, wishes, say),
    );
    if (this.on('tap') || this.format === undefined) await this.show(report);
    else if (document) await document.one(report);
    else {
      await list!.list(report.results);
      await this.conclude(report);
    }
    await this.writeFiles(report, started);
    await this.judge(report, least);
  }

  /** Finds out before the work what would be in the way of its results. */
  private async checkFiles(): Promise<void> {
    const path = this.text('suggest');
    if (path === undefined) return;
    if (path !== '-') return (await import('./suggestions.js')).checkNew(path);
    if (this.format === undefined && !this.on('tap')) return;
    const message = 'is -, and stdout has the results: name a file';
    throw inputError('cannot run the tests', [{ field: '--suggest', message }]);
  }

  private async cases() {
    const { readCases } = await import('./cases.js');
    if (this.positional.length > 0) return readCases(this.positional);
    if (['coverage', 'fail-under', 'suggest', 'mutate'].some((flag) => this.values[flag] !== undefined))
      return [];
    throw new CtlError('usage', 'missing the files with test cases', {
      hint: 'Such as: ctl route test tests/. Begin a suite with: ctl route test --suggest tests.yaml',
    });
  }

  /** The command that asks about a call what a test asked. */
  private readonly commandOf = (call: Parameters<typeof simulateCommand>[0]): string => {
    const flags = ['config', 'with', 'revision', 'connect-token-key'].flatMap((flag) =>
      [this.values[flag] ?? []].flat().flatMap((value) => [`--${flag}`, String(value)]),
    );
    return simulateCommand(call, [...flags, ...(this.on('lenient') ? ['--lenient'] : [])]);
  };

  private async writeFiles(report: SuiteReport, started: number): Promise<void> {
    const { results, suggested } = report;
    const junit = this.text('junit');
    if (junit !== undefined) {
      const { junitText } = await import('../output/junit.js');
      const text = junitText(results, this.commandOf, started, (Date.now() - started) / 1000);
      await writeFile(junit, text).catch((error: Error) => {
        throw inputError('cannot write the results', [{ field: '--junit', message: error.message }]);
      });
    }
    const path = this.text('suggest');
    if (path === undefined || !suggested) return;
    if (suggested.length === 0 && path !== '-')
      return this.terminal.confirm('Nothing to suggest: the tests reach and notice everything.');
    const { writeSuggestions } = await import('./suggestions.js');
    await writeSuggestions(path, suggested, this.terminal);
    const count = suggested.length === 1 ? '1 case' : `${suggested.length.toLocaleString('en')} cases`;
    if (path !== '-')
      await this.terminal.confirm(`Wrote ${count}. Try them: ctl route test ${shellWord(path)}`);
  }

  /** Results for a person or as TAP; suggestions on stdout leave them to stderr. */
  private async show(report: SuiteReport): Promise<void> {
    const out = this.text('suggest') === '-' ? this.terminal.err : this.terminal.out;
    const { analysisTexts, suiteText } = await import('../output/suite.js');
    if (this.on('tap')) {
      const { tapText } = await import('../output/tap.js');
      const { plain } = await import('../output/paint.js');
      return out.write(tapText(report.results, this.commandOf, analysisTexts(report, this.commandOf, plain)));
    }
    await out.write(suiteText(report, this.commandOf, await painterFor(out)));
  }

  /** What a list of results does not say. */
  private async conclude(report: SuiteReport): Promise<void> {
    const { analysisTexts, summaryText } = await import('../output/suite.js');
    const { err } = this.terminal;
    for (const text of [
      summaryText(report.results),
      ...analysisTexts(report, this.commandOf, await painterFor(err)),
    ])
      await err.write(`${text}\n`);
  }

  private async judge({ results, coverage }: SuiteReport, least: number | undefined): Promise<void> {
    if (results.some(({ passed }) => !passed)) process.exitCode = 1;
    if (least === undefined || !coverage) return;
    const { percentOf } = await import('../../proof/suite/score.js');
    const percent = percentOf(coverage);
    if (percent >= least) return;
    await this.terminal.confirm(`Less is covered than asked for: ${percent.toFixed(1)} %, not ${least} %.`);
    process.exitCode = 1;
  }
}

function readPercent(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text.replace(/\s*%$/, ''));
  if (text.trim() !== '' && value >= 0 && value <= 100) return value;
  throw inputError('cannot run the tests', [
    { field: '--fail-under', message: `${JSON.stringify(text)} is not valid: expected 0 to 100` },
  ]);
}
