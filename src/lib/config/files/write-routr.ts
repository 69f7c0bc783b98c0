/** Resources as Routr's own documents (docs/wire.md 5), and what those cannot carry. */
import { type Document, type Json, isSecret } from '../../kinds/kind.js';
import { emitYamlItem } from './emit-yaml.js';
import { unproject } from './layout.js';
import { Notes } from './notes.js';
import { routrLayouts } from './routr.js';
import { sorted, type Writable, type WriteOptions } from './writable.js';

export interface Written {
  readonly text: string;
  /** What the text does not carry, and what the other system will not take. */
  readonly notes: readonly string[];
}

/** Lengths that Routr's schema of documents asks for, where ours does not; other documents end Routr's start. */
const LENGTHS: readonly { kind: string; field: string; min: number; max: number }[] = [
  { kind: 'Agent', field: 'username', min: 4, max: 60 },
  { kind: 'Peer', field: 'username', min: 4, max: 60 },
  { kind: 'Credentials', field: 'username', min: 4, max: 60 },
  { kind: 'Peer', field: 'aor', min: 5, max: 323 },
  { kind: 'Peer', field: 'contactAddr', min: 7, max: 20 },
  { kind: 'Number', field: 'aorLink', min: 5, max: 255 },
];

/** Writes one YAML list, which Routr reads as a file. Secrets that are not revealed are left out. */
export function writeRoutr(resources: Iterable<Writable>, options: WriteOptions = {}): Written {
  const notes = new Notes();
  const refs = new Map<string, string>();
  let text = '';
  for (const resource of sorted(resources)) {
    const { kind, ref } = resource;
    const name = `${kind.topic}/${ref}`;
    const layout = routrLayouts[kind.name];
    if (!layout) {
      notes.add('not written, since Routr has no such kind', name);
      continue;
    }
    const taken = refs.get(ref);
    if (taken) notes.add('refs that two kinds have, which Routr refuses', `${taken} and ${name}`);
    refs.set(ref, name);
    tellLosses(resource, name, notes);
    const values = valuesOf(resource, options, (remark) => notes.add(remark, name));
    text += emitYamlItem({ apiVersion: 'v2beta1', kind: kind.name, ref, ...unproject(layout, values) });
  }
  return { text: text === '' ? '[]\n' : text, notes: notes.list() };
}

type Tell = (remark: string) => void;

/** The fields in Routr's spelling. */
function valuesOf({ kind, doc }: Writable, { reveal = false }: WriteOptions, tell: Tell): Document {
  const values: Document = { ...doc };
  for (const [name, field] of Object.entries(kind.fields)) {
    if (!isSecret(field) || (reveal && doc[name] !== undefined)) continue;
    delete values[name];
    tell(`the ${name} is left out, and Routr asks for it`);
  }
  if (kind.name === 'AccessControlList') Object.assign(values, addressesOf(doc, tell));
  const algorithm = values['balancingAlgorithm'];
  if (algorithm === 'UNSPECIFIED') delete values['balancingAlgorithm'];
  else if (typeof algorithm === 'string')
    values['balancingAlgorithm'] = algorithm.toLowerCase().replaceAll('_', '-');
  return values;
}

/**
 * Networks of IPv4 alone, and no empty lists, which Routr refuses. What has no entry left does to IPv4 what it did:
 * a list that allowed some refuses all, one that only denied admits all.
 */
function addressesOf(doc: Document, tell: Tell): Document {
  const [allow, deny] = ['allow', 'deny'].map((name) => (doc[name] ?? []) as readonly string[]);
  const [open, shut] = [allow!, deny!].map((list) => list.filter((entry) => !entry.includes(':')));
  if (open!.length + shut!.length < allow!.length + deny!.length)
    tell('its IPv6 entries are left out, since Routr has none');
  const everything = ['0.0.0.0/0'];
  if (allow!.length > 0 && open!.length === 0) return { allow: undefined, deny: everything };
  if (open!.length + shut!.length === 0) return { allow: everything, deny: undefined };
  return {
    allow: open!.length > 0 ? open! : undefined,
    deny: shut!.length > 0 ? shut! : undefined,
  };
}

function tellLosses({ kind, doc }: Writable, name: string, notes: Notes): void {
  if (doc['extended'] !== undefined)
    notes.add('extended is not written, since Routr has no place for it', name);
  if (doc['maxContacts'] === 0) notes.add('maxContacts 0, which Routr reads as no limit', name);
  if (kind.name === 'Peer' && doc['accessControlListRef'] !== undefined)
    notes.add('accessControlListRef is written, but Routr does not read it: the peer is open there', name);
  for (const { kind: of, field, min, max } of LENGTHS) {
    const value: Json | undefined = doc[field];
    if (of !== kind.name || typeof value !== 'string' || (value.length >= min && value.length <= max))
      continue;
    notes.add(`${field} is not of ${min}-${max} characters, which Routr refuses`, name);
  }
}
