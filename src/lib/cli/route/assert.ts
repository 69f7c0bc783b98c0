/** `ctl route assert`: what must hold for all calls, proved or refuted. */
import { Args } from '@oclif/core';
import { CtlError } from '../../errors.js';
import { quote } from '../../kinds/words.js';
import type { CallDocument } from '../../proof/engine.js';
import type { Verdict } from '../../proof/assert/prove.js';
import { outputFlags } from '../flags.js';
import { painterFor } from '../output/paint.js';
import { example } from '../verbs/examples.js';
import { simulateCommand } from './command-line.js';
import { SubjectCommand, subjectFlags } from './subject.js';

export class AssertCommand extends SubjectCommand {
  static override summary = 'prove or refute what must hold for all calls';
  static override description =
    'Invariants stand in YAML or JSON: who calls, what is dialled (values, a pattern, every number), and what must or must not become of it. Exit code 0: all are proved; 1: one is refuted, with a call that breaks it, or cannot be proved; 2: a file is wrong. See docs/assert.md.';
  static override strict = false;
  static override args = {
    file: Args.string({ description: 'file or folder of invariants, - for stdin; several' }),
  };
  static override flags = { ...subjectFlags, ...outputFlags };
  static override examples = [
    example('Does it hold on the daemon?', 'route assert invariants.yaml'),
    example('Would it, with these files applied?', 'route assert invariants.yaml --with config/'),
    example('In CI, with no daemon', 'route assert invariants.yaml --config config/ --output json'),
  ];

  protected override async execute(): Promise<void> {
    const { verdictsText, verdictsView } = await import('../output/assert.js');
    const commandOf = (call: CallDocument) => simulateCommand(call, this.subjectWords);
    const printer = this.printer(verdictsView(commandOf));
    if (this.positional.length === 0)
      throw new CtlError('usage', 'missing the files with invariants', {
        hint: 'Such as: ctl route assert invariants.yaml. See docs/assert.md for what stands in them.',
      });
    const snapshot = await this.subject.snapshot();
    const { readInvariants } = await import('./invariants.js');
    const invariants = await readInvariants(this.positional, snapshot);
    const { isVacuous, Prover } = await import('../../proof/assert/prove.js');
    const prover = new Prover(snapshot);
    const verdicts: Verdict[] = [];
    await this.terminal.progress('Proving', async (say) => {
      for (const invariant of invariants) {
        say(`Proving ${invariant.name}`);
        // Lets the spinner turn.
        await new Promise((resolve) => setImmediate(resolve));
        verdicts.push(prover.verdict(invariant));
      }
    });
    if (this.format !== undefined || this.text('fields') !== undefined) await printer.list(verdicts);
    else {
      const { out } = this.terminal;
      await out.write(verdictsText(verdicts, commandOf, await painterFor(out)));
    }
    for (const { invariant, notes } of verdicts.filter(isVacuous))
      await this.terminal.warn(
        `${invariant.place} ${quote(invariant.name)} is proved of no call: ${notes.join('; ')}`,
      );
    if (verdicts.some(({ status }) => status !== 'proved')) process.exitCode = 1;
  }
}
