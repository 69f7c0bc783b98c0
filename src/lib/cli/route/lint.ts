/** `ctl route lint`: what is wrong with a configuration, whoever calls. */
import { Flags } from '@oclif/core';
import { severities, type Severity } from '../../proof/lint/finding.js';
import type { Finding } from '../../proof/lint/finding.js';
import type { Suppressed } from '../../proof/lint/suppressions.js';
import { formatNames } from '../output/index.js';
import { outputFlag, outputFlags } from '../flags.js';
import { findingsView } from '../output/findings.js';
import { example } from '../verbs/examples.js';
import { simulateCommand } from './command-line.js';
import { Places } from './places.js';
import { SubjectCommand, subjectFlags, type Surroundings } from './subject.js';

const formats = [...formatNames.filter((name) => name !== 'name'), 'sarif'];

export class LintCommand extends SubjectCommand {
  static override summary = 'find what is wrong with a configuration, whoever calls';
  static override description =
    'Egress rules are compared as sets of dialled users, so that what is said of them holds for every call and not for samples. Each finding has a call that shows it, to be pasted. Findings in .ctl-lint.yaml of the working directory are suppressed. Exit code 1: there are findings as bad as --fail-on.';
  static override flags = {
    'dial-space': Flags.string({
      summary: 'YAML file with the numbers, extensions and codes that should be reachable',
      helpValue: '<file>',
    }),
    'fail-on': Flags.string({
      summary: 'severity from which findings make the exit code 1 [default: error]',
      options: ['error', 'warning'],
      helpValue: 'error|warning',
    }),
    'single-points': Flags.boolean({
      summary: 'also list what the failure of one trunk, gateway, peer or number loses',
    }),
    ...subjectFlags,
    ...outputFlags,
    output: outputFlag(formats),
  };
  static override examples = [
    example('What is wrong with the live configuration?', 'route lint'),
    example('In CI: files, before they are applied', 'route lint --config config/ --fail-on warning'),
    example('With the numbers that should be reachable', 'route lint --dial-space dial-space.yaml'),
    example('For a code review', 'route lint --with change.yaml --output sarif'),
  ];

  private readonly places = new Places();

  protected override get around(): Surroundings {
    return { ...super.around, places: this.places };
  }

  protected override async execute(): Promise<void> {
    const { places } = this;
    const simulate = this.simulate();
    const printer =
      this.format === 'sarif' ? undefined : this.printer(findingsView({ simulate, places }), ['sarif']);
    const snapshot = await this.subject.snapshot();
    const { readDialSpace, readSuppressions, SUPPRESSIONS } = await import('./lint-files.js');
    const { checks, lint } = await import('../../proof/lint/index.js');
    const { suppress, unusedSuppression } = await import('../../proof/lint/suppressions.js');
    const file = this.text('dial-space');
    const dialSpace = file === undefined ? undefined : await readDialSpace(file, snapshot, places);
    const suppressions = await readSuppressions(places);
    const results = await this.terminal.progress('Analysing', async () => [
      ...suppress(
        lint(snapshot, { dialSpace, singlePoints: this.on('single-points') }),
        suppressions,
        SUPPRESSIONS,
      ),
    ]);
    const findings = bySeverity(results);
    if (printer) await printer.list(findings);
    else {
      const { sarifLog } = await import('../output/sarif.js');
      const log = sarifLog({
        version: this.config.version,
        rules: [...checks, unusedSuppression],
        results,
        root: process.cwd(),
        ...{ simulate, places },
      });
      await this.terminal.out.write(`${JSON.stringify(log, undefined, 2)}\n`);
    }
    await this.terminal.confirm(countsText(findings, results.length - findings.length));
    const worst = this.text('fail-on') === 'warning' ? 1 : 0;
    if (findings.some(({ severity }) => severities.indexOf(severity) <= worst)) process.exitCode = 1;
  }

  /** The command that decides the call of a finding on the same configuration. */
  private simulate(): (finding: Finding) => string | undefined {
    const words = this.subjectWords;
    return ({ witness }) => (witness ? simulateCommand(witness, words) : undefined);
  }
}

/** The findings that stand, the worst first, otherwise in the order of the checks. */
const bySeverity = (results: readonly Suppressed[]): Finding[] => {
  const findings = results.flatMap(({ finding, by }) => (by ? [] : [finding]));
  return findings.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
};

/** `2 errors, 1 warning and 3 notes; 1 suppressed.` */
function countsText(findings: readonly Finding[], suppressed: number): string {
  const counts = severities.flatMap((severity: Severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  const found = counts.length === 0 ? 'No findings' : counts.join(', ');
  return `${found}${suppressed === 0 ? '' : `; ${suppressed} suppressed`}.`;
}
