/** Resources as Voxtronics configuration (TOML), and what it cannot carry. */
import type { Document, Json } from '../../kinds/kind.js';
import { quote } from '../../kinds/words.js';
import { emitTomlLines, hasNull } from './emit-toml.js';
import { type Layout, unproject } from './layout.js';
import { Notes } from './notes.js';
import { assignRefs } from './refs.js';
import type { JsonMap } from './types.js';
import { meant, ownKeys, routeNames, routes, type Section, sections } from './voxtronics.js';
import { sorted, type Writable } from './writable.js';
import type { Written } from './write-routr.js';

/** Writes one TOML file. Names become keys: a resource whose ref reading would not give it back is noted. */
export function writeVoxtronics(resources: Iterable<Writable>): Written {
  const writer = new Writer(sorted(resources));
  const table = writer.table();
  return {
    text: Object.keys(table).length === 0 ? '' : emitTomlLines(table),
    notes: writer.notes.list(),
  };
}

class Writer {
  readonly notes = new Notes();
  /** Names by kind and ref: references are by name here. */
  private readonly names = new Map<string, string>();

  constructor(private readonly resources: readonly Writable[]) {
    for (const { kind, ref, doc } of resources) this.names.set(`${kind.name}/${ref}`, String(doc['name']));
  }

  table(): JsonMap {
    const table: JsonMap = {};
    const sip = this.routes();
    if (sip.length > 0) table[routes.name] = { sip };
    for (const section of sections) {
      const group = this.of(section);
      if (group.length === 0) continue;
      table[section.name] = Object.fromEntries(
        group.map((one): [string, Json] => [String(one.doc['name']), this.entry(section.layout, one)]),
      );
    }
    this.tellRefs();
    const written = new Set([routes, ...sections].map(({ kind }) => kind));
    for (const one of this.resources)
      if (!written.has(one.kind.name)) this.tell('not written, since Voxtronics has no such kind', one);
    return table;
  }

  private of({ kind, type }: Section): Writable[] {
    return this.resources.filter(
      (one) => one.kind.name === kind && (type === undefined || one.doc['type'] === type),
    );
  }

  /** A route that is disabled or guarded is not written: it would take calls that it does not take. */
  private routes(): JsonMap[] {
    const written = this.of(routes).filter((one) => {
      const { enabled, accessControlListRef } = one.doc;
      if (enabled === false) this.tell('not written, since it is disabled', one);
      else if (accessControlListRef !== undefined)
        this.tell('not written, since without its access control list it would be open', one);
      return enabled !== false && accessControlListRef === undefined;
    });
    const names = routeNames(written.map(({ doc }) => (doc['called'] as string[])[0]!));
    this.compareRefs(written, assignRefs(names.map((name) => ({ name }))));
    for (const [i, one] of written.entries())
      if (one.doc['name'] !== names[i])
        this.tell(`its name is not written, and reads as its first called value`, one);
    return written.map((one) => this.entry(routes.layout, one));
  }

  private entry(layout: Layout, resource: Writable): JsonMap {
    const { kind, doc } = resource;
    const values: Document = {};
    for (const [name, field] of Object.entries(kind.fields)) {
      const value = doc[name];
      if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
      values[name] =
        field.type === 'reference' ? (this.names.get(`${field.to}/${String(value)}`) ?? value) : value;
    }
    const extended = Object.entries((doc['extended'] ?? {}) as JsonMap).filter(([name, value]) => {
      const fits = !meant(name, ownKeys(layout)) && !hasNull(value);
      if (!fits) this.tell(`extended.${name} is not written, since the format has no place for it`, resource);
      return fits;
    });
    return { ...unproject(layout, values), ...Object.fromEntries(extended) };
  }

  /** Notes whose refs reading would not give back. */
  private tellRefs(): void {
    for (const kind of new Set(sections.map((section) => section.kind))) {
      const typed = sections.filter((section) => section.kind === kind);
      const items = typed.flatMap((section) => this.of(section).map((one) => ({ one, type: section.type })));
      const refs = assignRefs(
        items.map(({ one, type }) => ({
          name: String(one.doc['name']),
          ...(type !== undefined && { type }),
        })),
      );
      this.compareRefs(
        items.map(({ one }) => one),
        refs,
      );
    }
  }

  private compareRefs(resources: readonly Writable[], refs: readonly string[]): void {
    for (const [i, one] of resources.entries())
      if (one.ref !== refs[i]) this.tell(`its ref is not written, and reads as ${quote(refs[i])}`, one);
  }

  private tell(remark: string, { kind, ref }: Writable): void {
    this.notes.add(remark, `${kind.topic}/${ref}`);
  }
}
