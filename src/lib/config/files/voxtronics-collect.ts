/** The sections of Voxtronics configuration, taken apart: entries of ours, and names of what is not. */
import { kindOf } from '../../kinds/index.js';
import type { Document, Json, KindName } from '../../kinds/kind.js';
import { Checker, type Fault, nameOf } from './checker.js';
import { type Projection, project, type Rest } from './layout.js';
import type { Notes } from './notes.js';
import { isMap, join, type JsonMap, type Located } from './types.js';
import { meant, outside, ownKeys, routes, type Section, sections } from './voxtronics.js';

/** An entry of a section, with its references and its name as the file has them. */
export interface Found {
  readonly kind: KindName;
  /** Its key; of a SIP route its first called value. */
  readonly name: string;
  readonly type: string | undefined;
  readonly located: Located;
  /** The path of the entry, and of what names it. */
  readonly base: string;
  readonly namePath: string;
  readonly projection: Projection;
  readonly doc: Document;
  /** Paths are those in the entry. */
  readonly faults: readonly Fault[];
}

/** Where remarks and faults go. */
export interface Report {
  readonly notes: Notes;
  fault(located: Located, fault: Fault): void;
}

const byName = new Map(sections.map((section) => [section.name, section]));
const checked = new Set(outside.flatMap(({ sections: names }) => names));

/** Whether a mapping that is no resource has a section that we know. */
export const isVoxtronics = (value: JsonMap): boolean =>
  Object.keys(value).some((key) => key === routes.name || byName.has(key) || checked.has(key));

const slip = (path: string, known: string): Fault => ({
  path,
  message: `is not known here (did you mean ${known}?)`,
  unknown: true,
});

/** A condition on a SIP route that we do not know: without it the route would take more calls. */
const narrowing = ({ path, name }: Rest): Fault[] => {
  if (!path.startsWith('match.') || meant(name, ['called'])) return [];
  return [{ path, message: 'is no condition that can be kept: expected called alone', unknown: true }];
};

/** The names that a section declares; undefined when it has none that could be told. */
function namesIn(content: Json): string[] | undefined {
  if (isMap(content)) return Object.keys(content);
  if (!Array.isArray(content)) return undefined;
  const names = content.map((one) => (isMap(one) ? one['name'] : one));
  return names.every((name) => typeof name === 'string') ? names : undefined;
}

/** What the files of one reading say, which together are one configuration. */
export class Sections {
  readonly entries: Found[] = [];
  readonly routes: Found[] = [];
  /** Names of what is outside the routing plane, by section. */
  readonly names = new Map<string, Set<string>>();

  constructor(private readonly report: Report) {}

  /** Takes the sections of a mapping. */
  add(located: Located, base: string, value: JsonMap): void {
    for (const [name, content] of Object.entries(value)) {
      const path = join(base, name);
      const section = byName.get(name);
      if (section) this.section(located, path, section, content);
      else if (name === routes.name) this.routing(located, path, content);
      else this.outside(located, path, name, content);
    }
  }

  private section(located: Located, path: string, section: Section, content: Json): void {
    if (!isMap(content)) {
      const message = `is ${nameOf(content)}: expected tables such as [${section.name}.main]`;
      this.report.fault(located, { path, message });
      return;
    }
    for (const [name, entry] of Object.entries(content)) {
      const base = join(path, name);
      const found = this.entry(located, base, section, entry);
      if (found) this.entries.push({ ...found, name, namePath: base });
    }
  }

  private routing(located: Located, path: string, content: Json): void {
    const sip = isMap(content) ? content['sip'] : undefined;
    for (const name of isMap(content) ? Object.keys(content) : []) {
      if (name === 'sip') continue;
      const at = join(path, name);
      if (meant(name, ['sip'])) this.report.fault(located, slip(at, 'sip'));
      else this.pass(located, at, `[${routes.name}] ${name}`, 'passed over, since it routes no SIP calls');
    }
    if (isMap(content) && sip === undefined) return;
    if (!Array.isArray(sip)) {
      const message = `is ${nameOf(sip ?? content)}: expected entries, each under [[routing.sip]]`;
      this.report.fault(located, { path: sip === undefined ? path : join(path, 'sip'), message });
      return;
    }
    for (const [i, entry] of sip.entries()) this.route(located, `${join(path, 'sip')}[${i}]`, entry);
  }

  private route(located: Located, base: string, value: Json): void {
    const found = this.entry(located, base, routes, value);
    if (!found) return;
    const called = found.doc['called'] as readonly string[] | undefined;
    const faults = [...found.faults, ...found.projection.rest.flatMap(narrowing)];
    if (!called?.[0] && faults.length === 0)
      faults.push({
        path: 'match.called',
        message: 'has no value: expected at least one, as called = ["1000"]',
      });
    this.routes.push({ ...found, faults, name: called?.[0] ?? '', namePath: join(base, 'match.called[0]') });
  }

  private entry(
    located: Located,
    base: string,
    { kind, layout, type }: Section,
    value: Json,
  ): Omit<Found, 'name' | 'namePath'> | undefined {
    if (!isMap(value)) {
      this.report.fault(located, { path: base, message: `is ${nameOf(value)}: expected a table` });
      return undefined;
    }
    const projection = project(layout, value);
    const checker = new Checker((path) => located.sourceOf(join(base, projection.pathOf(path))));
    const doc = checker.fields(kindOf(kind).fields, projection.values, '', []);
    const slips = projection.rest.flatMap(({ path, name }) => {
      const known = meant(name, ownKeys(layout));
      return known === undefined ? [] : [slip(path, known)];
    });
    const typed = checker.faults.map((fault) => ({ ...fault, path: projection.pathOf(fault.path) }));
    return { kind, type, located, base, projection, doc, faults: [...projection.faults, ...slips, ...typed] };
  }

  private outside(located: Located, path: string, name: string, content: Json): void {
    const known = checked.has(name) ? undefined : meant(name, [...byName.keys(), routes.name]);
    if (known !== undefined) {
      this.report.fault(located, slip(path, known));
      return;
    }
    const names = checked.has(name) ? namesIn(content) : undefined;
    if (names === undefined) {
      this.pass(located, path, `[${name}]`, 'passed over, since it is outside the routing plane');
      return;
    }
    this.names.set(name, new Set([...(this.names.get(name) ?? []), ...names]));
    const remark = 'not stored, since it is outside the routing plane; references to its names are checked';
    this.pass(located, path, `[${name}]`, remark);
  }

  private pass(located: Located, path: string, subject: string, remark: string): void {
    this.report.notes.add(remark, `${located.at(path)} ${subject}`);
  }
}
