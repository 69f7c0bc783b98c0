/** Which resource each operation of a write is about. */
import type { Catalog } from '../kinds/catalog.js';
import { kindOf, kinds } from '../kinds/index.js';
import type { Kind, KindName, Resource } from '../kinds/kind.js';
import { refFault } from '../kinds/validate.js';
import type { Operation } from './operation.js';
import { plain, type Problems } from './problems.js';
import { type References, named } from './references.js';
import type { Steps } from './steps.js';

/** An operation and its resource: `before` when it exists, `ref` when it is to be created under that ref. */
export interface Target {
  readonly index: number;
  readonly operation: Operation;
  readonly before?: Resource | undefined;
  readonly ref?: string | undefined;
}

/** Which operation has which resource; a write may name each only once. */
export class Claims {
  private readonly by = new Map<KindName, Map<string, number>>(kinds.map(({ name }) => [name, new Map()]));

  constructor(private readonly problems: Problems) {}

  /** Claims a resource for an operation; false, with a problem noted, when another has it. */
  take(index: number, kind: KindName, ref: string): boolean {
    const refs = this.by.get(kind)!;
    const other = refs.get(ref);
    if (other === undefined) refs.set(ref, index);
    if (other === undefined || other === index) return true;
    this.problems.add(
      index,
      'INVALID_ARGUMENT',
      '',
      `${kindOf(kind).noun} ${ref} is written twice: operation ${other + 1} names it too; expected one operation for each resource`,
    );
    return false;
  }

  /** The operation that writes a resource. */
  of(kind: KindName, ref: string): number | undefined {
    return this.by.get(kind)!.get(ref);
  }
}

/**
 * Finds the targets in the catalog before the write. Operations that name nothing, something ambiguous, stale
 * or twice are noted and left out; so are deletions of nothing where that is allowed.
 */
export function* findTargets(
  catalog: Catalog,
  operations: readonly Operation[],
  problems: Problems,
  references: References,
  claims: Claims,
): Steps<Target[]> {
  const targets: Target[] = [];
  for (const [index, operation] of operations.entries()) {
    yield;
    const finder = new Finder(catalog, index, operation, problems, references);
    const target = operation.action === 'create' || !operation.key ? finder.fresh() : finder.existing();
    const ref = target?.before?.ref ?? target?.ref;
    if (!target || (ref !== undefined && !claims.take(index, operation.kind, ref))) continue;
    targets.push(target);
  }
  return targets;
}

class Finder {
  private readonly kind: Kind;

  constructor(
    private readonly catalog: Catalog,
    private readonly index: number,
    private readonly operation: Operation,
    private readonly problems: Problems,
    private readonly references: References,
  ) {
    this.kind = kindOf(operation.kind);
  }

  /** Of a create, or of an operation without a key. */
  fresh(): Target | undefined {
    const { index, operation } = this;
    const { action, key } = operation;
    if (action === 'update' || action === 'delete')
      return this.problem(
        'INVALID_ARGUMENT',
        `${this.kind.noun} to ${action}: no key given; expected a ref or natural key`,
      );
    if (!key) return { index, operation };
    const fault = refFault(key);
    if (fault) return this.problem('INVALID_ARGUMENT', fault, 'ref');
    const taken = this.catalog.get(operation.kind, key);
    if (!taken) return { index, operation, ref: key };
    return this.problem(
      'ALREADY_EXISTS',
      `is "${key}", which ${this.kind.noun} ${named(this.catalog, taken)} has already: expected one that no other ${this.kind.noun} has`,
      'ref',
    );
  }

  /** Of an operation with a key that should name a resource; a put may also create it. */
  existing(): Target | undefined {
    const { index, operation, catalog } = this;
    const { action, kind } = operation;
    const key = operation.key!;
    const direct = catalog.get(kind, key);
    // Most keys are refs, and a ref wins.
    const found = direct ? [direct] : catalog.find(kind, key).map((ref) => catalog.get(kind, ref)!);
    if (found.length > 1)
      return this.problem(
        'INVALID_ARGUMENT',
        `${plain(key)} names several ${this.kind.topic}: ${this.references.candidates(catalog, found)}; expected the ref of one`,
      );
    const before = found[0];
    if (before) return this.current(before) ? { index, operation, before } : undefined;
    if (action === 'put' && refFault(key) === undefined) return { index, operation, ref: key };
    if (action === 'delete' && operation.ignoreNotFound) return undefined;
    const near = this.references.suggest(catalog, kind, key);
    return this.problem('NOT_FOUND', `there is no ${this.kind.noun} ${plain(key)}${near}`);
  }

  private current(before: Resource): boolean {
    const expected = this.operation.expectedRevision;
    if (!expected || expected === before.revision) return true;
    this.problem(
      'ABORTED',
      `${this.kind.noun} ${named(this.catalog, before)} has changed: it is at revision ${before.revision}, not ${expected}`,
      '',
      'read it again, and repeat the change on what is there now',
    );
    return false;
  }

  private problem(
    status: Parameters<Problems['add']>[1],
    message: string,
    field = '',
    hint?: string,
  ): undefined {
    this.problems.add(this.index, status, field, message, hint);
  }
}
