/** `ctl route uses`: who needs a resource, and the calls that would change without it. */
import { Args } from '@oclif/core';
import type { Operation } from '../../config/operation.js';
import { CtlError } from '../../errors.js';
import { kindCalled, kindOf, kinds } from '../../kinds/index.js';
import { hasToggle, type Kind, type KindName, type Resource } from '../../kinds/kind.js';
import { didYouMean } from '../../kinds/nearest.js';
import { quote } from '../../kinds/words.js';
import { parseDown } from '../../proof/calls.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { outputFlags } from '../flags.js';
import type { Outlook, Uses } from '../output/uses.js';
import { example } from '../verbs/examples.js';
import { SubjectCommand, subjectFlags } from './subject.js';

const HINT = 'Such as: ctl route uses trunks trunk-01';

export class UsesCommand extends SubjectCommand {
  static override summary = 'say who needs a resource, and which calls would change without it';
  static override description =
    'Names what refers to it, then compares the calls of every known caller to everything that the configuration tells apart, with the resource and as if it were deleted (with --cascade) or disabled. Nothing is changed. See docs/uses.md.';
  static override args = {
    kind: Args.string({ description: 'kind, such as trunks; or both in one, such as trunks/trunk-01' }),
    ref: Args.string({ description: 'ref or natural key' }),
  };
  static override flags = { ...subjectFlags, ...outputFlags };
  static override examples = [
    example('What would happen without this trunk?', 'route uses trunks trunk-01'),
    example(
      'Who is reached by this agent alone, in these files?',
      'route uses agents 1001@sip.local --config config/',
    ),
  ];

  protected override async execute(): Promise<void> {
    const { usesView } = await import('../output/uses.js');
    const printer = this.printer(usesView);
    const { kind, key } = this.named();
    const snapshot = await this.subject.snapshot();
    const resource = resourceNamed(snapshot, kind, key);
    const { neededBy } = await import('../../proof/uses/referrers.js');
    const uses: Uses = {
      catalog: snapshot.catalog,
      resource,
      ...neededBy(snapshot, resource),
      deleted: await this.outlook(snapshot, { action: 'delete', kind: kind.name, key: resource.ref }),
      disabled:
        hasToggle(kind) && resource.doc['enabled'] === true
          ? await this.outlook(snapshot, {
              action: 'update',
              kind: kind.name,
              key: resource.ref,
              document: { enabled: false },
            })
          : null,
    };
    await printer.one(uses);
  }

  private named(): { kind: Kind; key: string } {
    const [first, second] = this.positional;
    if (first === undefined)
      throw new CtlError('usage', 'missing what is used: a kind and a ref', { hint: HINT });
    const both = second === undefined ? parseDown(first) : undefined;
    if (both) return { kind: kindOf(both.kind as KindName), key: both.ref };
    const [topic] = first.split('/', 1) as [string];
    const kind = kindCalled(topic);
    if (!kind) {
      const near = didYouMean(
        topic,
        kinds.map(({ topic }) => topic),
      );
      throw new CtlError('usage', `${quote(topic)} is no kind${near}`, {
        hint: `Kinds: ${kinds.map(({ topic }) => topic).join(', ')}. ${HINT}`,
      });
    }
    if (second === undefined)
      throw new CtlError('usage', `missing the ref or natural key of the ${kind.noun}`, { hint: HINT });
    return { kind, key: second };
  }

  private async outlook(snapshot: Snapshot, operation: Operation): Promise<Outlook> {
    const changed = await after(snapshot, operation);
    if (typeof changed === 'string') return { refused: changed };
    const { impactBetween } = await import('./impact.js');
    return { impact: await impactBetween(this.terminal, snapshot, changed) };
  }
}

/** The configuration after an operation, or why a daemon would refuse it. */
async function after(snapshot: Snapshot, operation: Operation) {
  const { planned } = await import('./configure.js');
  const { PlanError } = await import('../../config/problems.js');
  try {
    return planned(snapshot.catalog, [operation], true).catalog;
  } catch (error) {
    if (error instanceof PlanError) return error.message;
    throw error;
  }
}

function resourceNamed({ catalog }: Snapshot, kind: Kind, key: string): Resource {
  const [ref, other] = catalog.find(kind.name, key);
  if (ref !== undefined && other === undefined) return catalog.get(kind.name, ref)!;
  if (other !== undefined)
    throw new CtlError('usage', `${quote(key)} names several ${kind.topic}: expected the ref of one`);
  const known = [...catalog.all(kind.name)].flatMap((one) => [one.ref, catalog.label(one)]);
  throw new CtlError('not-found', `there is no ${kind.noun} ${quote(key)}${didYouMean(key, known)}`, {
    hint: `See "ctl ${kind.topic} list".`,
  });
}
