/** Where resources of a kind with a declared order stand after a write (docs/semantics.md 1). */
import type { Catalog } from '../kinds/catalog.js';
import type { Kind } from '../kinds/kind.js';
import { LAST, Order } from '../kinds/order.js';
import { arrange } from './arrange.js';
import { plain, type Problems } from './problems.js';
import type { References } from './references.js';
import type { Staged } from './stage.js';

/**
 * The positions of staged resources: a new one goes last, but before the one that always stands last, or
 * where its operation says. With `inTurn` the order of the operations is the declared one, but for those that say
 * where. `draft` does not hold the staged documents yet. Empty for kinds without an order.
 */
export function place(
  draft: Catalog,
  kind: Kind,
  staged: readonly Staged[],
  problems: Problems,
  references: References,
  inTurn: boolean,
): Map<string, string> {
  if (kind.order) return new Placement(draft, kind, staged, problems, references, inTurn).positions;
  for (const { target } of staged)
    for (const field of ['before', 'after'] as const)
      if (target.operation[field])
        problems.add(
          target.index,
          'INVALID_ARGUMENT',
          field,
          `cannot be used: ${kind.topic} have no declared order`,
        );
  return new Map();
}

class Placement {
  readonly positions = new Map<string, string>();
  private order: Order | undefined;

  constructor(
    private readonly draft: Catalog,
    private readonly kind: Kind,
    private readonly staged: readonly Staged[],
    private readonly problems: Problems,
    private readonly references: References,
    inTurn: boolean,
  ) {
    for (const one of staged) this.settle(one);
    if (inTurn) this.arrange();
    for (const one of staged) this.move(one);
    this.checkLast();
  }

  /** Made when it is first needed: most writes move nothing. */
  private get places(): Order {
    return (this.order ??= new Order(
      [...this.draft.all(this.kind.name)].map(({ ref, position }) => ({ ref, position: position! })),
    ));
  }

  /** Gives a resource its position unless its operation says where it should be. */
  private settle({ target, ref, before, doc }: Staged): void {
    if (this.kind.order!.last(doc as never)) {
      if (before && before.position !== LAST) this.places.remove(ref);
      this.positions.set(ref, LAST);
    } else if (before && before.position !== LAST) this.positions.set(ref, before.position!);
    else if (!target.operation.before && !target.operation.after)
      this.positions.set(ref, this.places.append(ref));
  }

  private arrange(): void {
    const free = this.staged.filter(({ target: { operation } }) => !operation.before && !operation.after);
    const refs = free.map(({ ref }) => ref).filter((ref) => this.positions.get(ref) !== LAST);
    for (const [ref, position] of arrange(this.places, refs, this.positions))
      this.positions.set(ref, position);
  }

  private move({ target, ref, doc }: Staged): void {
    const { before, after } = target.operation;
    if (!before && !after) return;
    const field = before ? 'before' : 'after';
    const fault = this.fault(ref, doc, before, after);
    if (typeof fault === 'string') this.problems.add(target.index, 'INVALID_ARGUMENT', field, fault);
    else if (fault.last) {
      this.places.remove(ref);
      this.positions.set(ref, this.places.append(ref));
    } else this.positions.set(ref, this.places.beside(ref, fault.target, before ? 0 : 1));
  }

  /** Where to move a resource, or why it cannot move there. */
  private fault(
    ref: string,
    doc: Staged['doc'],
    before: string | undefined,
    after: string | undefined,
  ): string | { target: string; last: boolean } {
    const { noun } = this.kind;
    if (before && after) return 'is given together with after: expected one of the two';
    if (this.kind.order!.last(doc as never)) return `cannot be used: the catch-all always stands last`;
    const text = (before || after)!;
    if (text === ref) return `is the ${noun} itself: expected another one`;
    const target = this.positions.has(text) ? text : this.draft.find(this.kind.name, text)[0];
    if (target === undefined) {
      if (this.staged.some((one) => one.ref === text))
        return `is ${plain(text)}, which this write places only later: put its operation first`;
      return `is ${plain(text)}, but there is no such ${noun}${this.references.suggest(this.draft, this.kind.name, text)}`;
    }
    if (target === ref) return `is the ${noun} itself: expected another one`;
    const last = (this.positions.get(target) ?? this.draft.get(this.kind.name, target)!.position) === LAST;
    if (last && after) return `is ${plain(text)}, the catch-all: nothing can stand behind it`;
    return { target, last };
  }

  /** Only one resource can stand last. */
  private checkLast(): void {
    const lasts = this.staged.filter(({ ref }) => this.positions.get(ref) === LAST);
    if (lasts.length === 0) return;
    const ofWrite = new Set(this.staged.map(({ ref }) => ref));
    let holder = lasts[0]!.ref;
    for (const { ref, position } of this.draft.all(this.kind.name))
      if (position === LAST && !ofWrite.has(ref)) holder = ref;
    for (const { target, ref } of lasts)
      if (ref !== holder)
        this.problems.add(
          target.index,
          'ALREADY_EXISTS',
          '',
          `${this.kind.noun} ${holder} is the catch-all already, and there can be only one`,
        );
  }
}
