/** Finds what a written key or reference names, and says what could have been meant when it names nothing. */
import type { Catalog } from '../kinds/catalog.js';
import { kindOf } from '../kinds/index.js';
import type { Kind, KindName, ReferenceField, Resource } from '../kinds/kind.js';
import { didYouMean } from '../kinds/nearest.js';
import { article, quote, type Resolution } from '../kinds/validate.js';

/** Candidates looked at for suggestions in one write: a write of many wrong references must not take minutes. */
const SUGGESTION_BUDGET = 500_000;
const SHOWN = 20;

export class References {
  private budget = SUGGESTION_BUDGET;
  private readonly expected = new Set<string>();
  /** What was resolved already in one catalog: thousands of resources often refer to the same few. */
  private readonly resolved = new Map<ReferenceField, Map<string, Resolution>>();
  private resolvedIn: Catalog | undefined;

  /**
   * Notes a resource that the write would create but for a problem of its own, so that what refers to it does
   * not count as wrong too.
   */
  expect(kind: Kind, ref: string | undefined, document: unknown): void {
    if (ref !== undefined) this.expected.add(`${kind.name}\0${ref}`);
    for (const { fields } of kind.keys) {
      const value = fields.length === 1 && (document as Record<string, unknown> | undefined)?.[fields[0]!];
      if (typeof value === 'string') this.expected.add(`${kind.name}\0${value}`);
    }
  }

  /**
   * What a reference field's text names in `catalog`. `kept` are `kind\0ref` pairs that the resource referred
   * to before: they stay as they are even if this write deletes them, which the deletion then answers for.
   */
  resolve(catalog: Catalog, field: ReferenceField, text: string, kept?: ReadonlySet<string>): Resolution {
    if (kept?.has(`${field.to}\0${text}`) && !catalog.get(field.to, text)) return { ref: text };
    if (this.resolvedIn !== catalog) {
      this.resolved.clear();
      this.resolvedIn = catalog;
    }
    let known = this.resolved.get(field);
    if (!known) this.resolved.set(field, (known = new Map()));
    let resolution = known.get(text);
    if (!resolution) known.set(text, (resolution = this.lookUp(catalog, field, text)));
    return resolution;
  }

  private lookUp(catalog: Catalog, field: ReferenceField, text: string): Resolution {
    const found = catalog.find(field.to, text).map((ref) => catalog.get(field.to, ref)!);
    const fitting = found.filter((resource) => fits(field, resource));
    if (fitting.length === 1) return { ref: fitting[0]!.ref };
    const noun = kindOf(field.to).noun;
    if (fitting.length > 1)
      return {
        problem: `is ${quote(text)}, which names several: ${this.candidates(catalog, fitting)}; expected the ref of one`,
      };
    if (found.length > 0) {
      const expected = Object.values(field.where ?? {}).join(' ');
      const actual = Object.keys(field.where ?? {}).map((name) => found[0]!.doc[name]);
      return {
        problem: `is ${quote(text)}, a ${actual.join(' ')} ${noun}: expected ${article(`${expected} ${noun}`)}`,
      };
    }
    if (this.expected.has(`${field.to}\0${text}`)) return { ref: text };
    const near = this.suggest(catalog, field.to, text, (resource) => fits(field, resource));
    return { problem: `is ${quote(text)}, but there is no ${noun} with that ref${keyed(field.to)}${near}` };
  }

  /** `label (ref)` of resources, at most 20 of them, and how many more there are. */
  candidates(catalog: Catalog, resources: readonly Resource[]): string {
    const shown = resources.slice(0, SHOWN).map((resource) => named(catalog, resource));
    const rest = resources.length - shown.length;
    return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  }

  /** ` (did you mean …?)` over the refs and labels of a kind, or nothing. */
  suggest(
    catalog: Catalog,
    kind: KindName,
    text: string,
    fitting: (resource: Resource) => boolean = () => true,
  ): string {
    if (this.budget < catalog.size(kind)) return '';
    this.budget -= catalog.size(kind);
    const names = function* () {
      for (const resource of catalog.all(kind)) {
        if (!fitting(resource)) continue;
        yield resource.ref;
        yield catalog.label(resource);
      }
    };
    return didYouMean(text, new Set(names()));
  }
}

/** What a person would call a resource, with its ref behind it where that differs. */
export function named(catalog: Catalog, resource: Resource): string {
  const label = catalog.label(resource);
  return label === resource.ref ? label : `${label} (${resource.ref})`;
}

const fits = (field: ReferenceField, { doc }: Resource): boolean =>
  Object.entries(field.where ?? {}).every(([name, value]) => doc[name] === value);

const keyed = (kind: KindName): string => (kindOf(kind).keys.length > 0 ? ' or natural key' : '');
