/** Voxtronics configuration as resources: names get refs, and references find them. */
import { kindOf } from '../../kinds/index.js';
import type { Document, Json, KindName } from '../../kinds/kind.js';
import { didYouMean } from '../../kinds/nearest.js';
import { quote } from '../../kinds/words.js';
import type { Fault } from './checker.js';
import type { Notes } from './notes.js';
import { assignRefs, type Named } from './refs.js';
import { join, type JsonMap, type Located } from './types.js';
import { outside, routeNames, sections } from './voxtronics.js';
import type { Found, Sections } from './voxtronics-collect.js';

/** A resource, or what is wrong with it. */
export interface Entry {
  readonly kind: KindName;
  readonly ref: string;
  readonly doc: Document;
  readonly located: Located;
  /** Paths are those in `located`. */
  readonly faults: readonly Fault[];
  /** Where a path of `doc` stands in `located`. */
  pathOf(path: string): string;
}

const LONGEST_NAME = 60;
const nameId = (kind: KindName, type: string | undefined, name: string) => `${kind}\0${type ?? ''}\0${name}`;

export class Resolver {
  /** Refs by kind, type of modality, and name. */
  private readonly refs = new Map<string, string>();

  /** @param has whether something else that was read has a ref */
  constructor(
    private readonly from: Sections,
    private readonly notes: Notes,
    private readonly has: (kind: KindName, ref: string) => boolean,
  ) {
    for (const kind of new Set(sections.map((section) => section.kind))) this.assign(kind);
  }

  /** Resources in the order of the files, SIP routes last in their declared order. */
  *entries(): Iterable<Entry> {
    for (const found of this.from.entries) {
      const { kind, type, name } = found;
      yield this.entry(found, name, this.refs.get(nameId(kind, type, name))!);
    }
    const names = routeNames(this.from.routes.map(({ name }) => name));
    const refs = assignRefs(names.map((name) => ({ name })));
    for (const [i, found] of this.from.routes.entries()) {
      if (refs[i] !== names[i] && found.name !== '') this.tellRef(found, names[i]!, refs[i]!);
      yield this.entry(found, names[i]!, refs[i]!);
    }
  }

  /** A name that stands in two files gets one ref: that it stands there twice is found by its ref. */
  private assign(kind: KindName): void {
    const named = new Map<string, Named>();
    for (const section of sections) {
      if (section.kind !== kind) continue;
      for (const found of this.from.entries) {
        const { type, name } = found;
        if (found.kind !== kind || type !== section.type) continue;
        named.set(nameId(kind, type, name), type === undefined ? { name } : { name, type });
      }
    }
    const refs = assignRefs([...named.values()]);
    for (const [i, id] of [...named.keys()].entries()) this.refs.set(id, refs[i]!);
    for (const found of this.from.entries) {
      const ref = found.kind === kind && this.refs.get(nameId(kind, found.type, found.name));
      if (ref && ref !== found.name) this.tellRef(found, found.name, ref);
    }
  }

  private tellRef({ located, namePath }: Found, name: string, ref: string): void {
    this.notes.add('its ref is not its name', `${located.at(namePath)} ${quote(name)} is ${ref}`);
  }

  private entry(found: Found, name: string, ref: string): Entry {
    const { kind, type, located, base, projection } = found;
    const extended = this.extended(found);
    const doc: Document = {
      name: [...name].slice(0, LONGEST_NAME).join(''),
      ...(type !== undefined && { type }),
      ...this.linked(found),
      ...(extended && { extended }),
    };
    const pathOf = (path: string) => {
      if (path === 'name') return found.namePath;
      return path === '' || /^(?:ref|type|extended)\b/.test(path)
        ? base
        : join(base, projection.pathOf(path));
    };
    const faults = found.faults.map((fault) => ({ ...fault, path: join(base, fault.path) }));
    return { kind, ref, doc, located, faults: [...faults, ...this.missing(found, pathOf)], pathOf };
  }

  /** The document with its references as refs where the files have what they name. */
  private linked({ kind, doc }: Found): Document {
    const linked = { ...doc };
    for (const [name, field] of Object.entries(kindOf(kind).fields)) {
      const text = doc[name];
      if (field.type !== 'reference' || typeof text !== 'string') continue;
      const type = field.where?.['type'];
      const ref = this.refs.get(nameId(field.to, type, text));
      linked[name] = ref ?? (type === undefined || this.has(field.to, text) ? text : keyOf(type, text));
    }
    return linked;
  }

  /** Settings that are not ours, which nothing but writing them back needs. */
  private extended({ projection, base, located }: Found): JsonMap | undefined {
    const kept = projection.rest.filter(({ path, name }) => path === name);
    if (kept.length === 0) return undefined;
    for (const { name } of kept)
      this.notes.add('kept in extended', `${located.at(join(base, name))} ${join(base, name)}`);
    return Object.fromEntries(kept.map(({ name, value }): [string, Json] => [name, value]));
  }

  /** Names of what should be declared outside the routing plane, and is not. */
  private missing({ kind, doc }: Found, pathOf: (path: string) => string): Fault[] {
    return outside.flatMap((rule) => {
      const declaring = rule.sections.filter((section) => this.from.names.has(section));
      const value = doc[rule.field];
      if (rule.kind !== kind || declaring.length === 0 || value === undefined) return [];
      const known = new Set(declaring.flatMap((section) => [...this.from.names.get(section)!]));
      const named = Array.isArray(value)
        ? value.map((text, i) => [`${rule.field}[${i}]`, text] as const)
        : [[rule.field, value] as const];
      return named.flatMap(([path, text]): Fault[] => {
        if (typeof text !== 'string' || known.has(text)) return [];
        const near = didYouMean(text, known);
        return [
          {
            path: pathOf(path),
            message: `is ${quote(text)}, which [${declaring.join('] and [')}] does not have${near}`,
          },
        ];
      });
    });
  }
}

/** The natural key of a modality, unless it is one already. */
const keyOf = (type: string, text: string): string => (text.includes('/') ? text : `${type}/${text}`);
