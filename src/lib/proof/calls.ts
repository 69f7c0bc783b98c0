/** Calls as people write them in files: a row of CSV, an object of JSON or YAML, with the names of simulate's flags. */
import type { FieldError } from '../errors.js';
import { kindCalled } from '../kinds/index.js';
import type { Json } from '../kinds/kind.js';
import { didYouMean } from '../kinds/nearest.js';
import { quote } from '../kinds/words.js';
import type { CallDocument } from './engine.js';

/** The document of a call, and what of it could not be read; with problems it is not to be asked. */
export interface ReadCall {
  readonly call: CallDocument;
  readonly problems: readonly FieldError[];
}

type Draft = Record<string, Json>;
type Value = Exclude<Json, null>;
/** Puts a value into the draft; returns what is wrong with it. */
type Reader = (draft: Draft, value: Value) => string | undefined;

const text =
  (name: string): Reader =>
  (draft, value) => {
    if (typeof value !== 'string' && typeof value !== 'number') return expected(value, 'text');
    draft[name] = String(value);
    return undefined;
  };

const upper =
  (name: string): Reader =>
  (draft, value) => {
    if (typeof value !== 'string') return expected(value, 'text');
    draft[name] = value.toUpperCase();
    return undefined;
  };

const source =
  (name: string, read: (value: Value) => Json | undefined, what: string): Reader =>
  (draft, value) => {
    const found = read(value);
    if (found === undefined) return expected(value, what);
    draft['source'] = { ...(draft['source'] as object), [name]: found };
    return undefined;
  };

const whole = (value: Value): number | undefined =>
  /^\d{1,16}$/.test(String(value)) ? Number(value) : undefined;
const textual = (value: Value): string | undefined => (typeof value === 'string' ? value : undefined);

/** Fields by their names, as `--help` of simulate and the documentation have them. */
const READERS: Readonly<Record<string, Reader>> = {
  dialled: text('dialled'),
  from: text('from'),
  domain: text('domain'),
  'display-name': text('displayName'),
  method: upper('method'),
  source: readSource,
  'source-ip': readSource,
  'source-port': source('port', whole, 'a port'),
  transport: source('transport', (value) => textual(value)?.toUpperCase(), 'a transport'),
  header: readHeaders,
  'connect-token': text('connectToken'),
  password: text('password'),
  unauthenticated: readFlag,
  registered: text('registered'),
  at: readTime,
  down: readDown,
};

/** Names of the fields of a call. */
export const CALL_FIELDS: readonly string[] = Object.keys(READERS);

const SECRET = new Set(['password', 'connecttoken']);
const bare = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, '');
const byBareName = new Map(Object.entries(READERS).map(([name, read]) => [bare(name), read]));
byBareName.set('headers', readHeaders);
byBareName.set('dialed', READERS['dialled']!);

/**
 * Reads a call. Names count without regard to case, `-` and `_`: `source-ip`, `source_ip` and `sourceIp` are the
 * same. A column `header X-DOD-Number` is that header. Empty values and nulls are absent.
 */
export function readCall(fields: Readonly<Record<string, Json>>): ReadCall {
  const call: Draft = {};
  const problems: FieldError[] = [];
  for (const [field, value] of Object.entries(fields)) {
    if (value === null || value === '') continue;
    const read = readerOf(field);
    const message = read
      ? read(call, value)
      : `is no field of a call${didYouMean(field, CALL_FIELDS)}: expected ${CALL_FIELDS.join(', ')}`;
    if (message === undefined) continue;
    problems.push({ field, message: SECRET.has(bare(field)) ? 'is no text: expected text' : message });
  }
  if (call['dialled'] === undefined && problems.length === 0)
    problems.push({ field: 'dialled', message: 'is missing: expected what is dialled' });
  return { call, problems };
}

function readerOf(field: string): Reader | undefined {
  const header = /^header[ .:](.+)$/i.exec(field)?.[1];
  return header === undefined ? byBareName.get(bare(field)) : headerNamed(header.trim());
}

/**
 * What is wrong with the columns of a table of calls, each fault by itself.
 * @param others names of columns that the table may have besides
 */
export function columnFaults(columns: readonly string[], others: readonly string[] = []): string[] {
  const known = [...others, ...CALL_FIELDS, 'header NAME'];
  const unknown = columns.filter((name) => name !== '' && !readerOf(name) && !others.includes(name));
  if (unknown.length === 0 && !columns.some((name) => readerOf(name) === READERS['dialled']))
    return ['has no column dialled: expected what is dialled in one'];
  return unknown.map(
    (name) =>
      `column ${quote(name)} is no field of a call${didYouMean(name, known)}: expected ${known.join(', ')}`,
  );
}

const expected = (value: Value, what: string): string => `is ${quote(value)}: expected ${what}`;

const SOURCE = /^(?:\[([^\]]+)\](?::(\d+))?|([\d.]+):(\d+)|([^[\]]+))$/;

/** An address: `IP`, `IP:port` or `[IPv6]:port`; undefined for other text. */
export function parseSource(address: string): { ip: string; port?: number } | undefined {
  const parts = SOURCE.exec(address.trim());
  if (!parts) return undefined;
  const port = parts[2] ?? parts[4];
  const ip = (parts[1] ?? parts[3] ?? parts[5])!;
  return port === undefined ? { ip } : { ip, port: Number(port) };
}

function readSource(draft: Draft, value: Value): string | undefined {
  const parsed = typeof value === 'string' ? parseSource(value) : isObject(value) ? value : undefined;
  if (!parsed) return expected(value, 'IP or IP:port, [IPv6]:port');
  draft['source'] = { ...(draft['source'] as object), ...(parsed as object) };
  return undefined;
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function addHeader(draft: Draft, name: string, value: string): void {
  const headers = (draft['headers'] ??= []) as Json[];
  headers.push({ name, value });
}

const headerNamed =
  (name: string): Reader =>
  (draft, value) => {
    if (typeof value === 'object') return expected(value, 'text');
    addHeader(draft, name, String(value));
    return undefined;
  };

/** A header line, `Name: value`; undefined for other text. */
export function parseHeader(line: string): { name: string; value: string } | undefined {
  const parts = /^([^:\s]+)\s*:\s*(.*?)\s*$/s.exec(line);
  return parts ? { name: parts[1]!, value: parts[2]! } : undefined;
}

/** Header lines (one text, or a list), a list of {name, value}, or a map of names to values. */
function readHeaders(draft: Draft, value: Value): string | undefined {
  const entries: Json[] = Array.isArray(value)
    ? value
    : isObject(value)
      ? Object.entries(value).map(([name, text]) => ({ name, value: text }))
      : String(value).split(/\r?\n/);
  for (const entry of entries) {
    const header = typeof entry === 'string' ? parseHeader(entry) : entry;
    // The text may be a token without its name: it is not shown.
    if (!isObject(header) || typeof header['name'] !== 'string' || typeof header['value'] === 'object')
      return "has no name and colon: expected 'Name: value'";
    addHeader(draft, header['name'], String(header['value']));
  }
  return undefined;
}

function readFlag(draft: Draft, value: Value): string | undefined {
  const word = String(value).toLowerCase();
  if (!['true', 'false', 'yes', 'no', '1', '0'].includes(word)) return expected(value, 'true or false');
  draft['unauthenticated'] = ['true', 'yes', '1'].includes(word);
  return undefined;
}

function readTime(draft: Draft, value: Value): string | undefined {
  const at = whole(value) ?? (typeof value === 'string' ? Date.parse(value) : NaN);
  if (Number.isNaN(at)) return expected(value, 'a time of RFC 3339, or milliseconds since 1970');
  draft['at'] = at;
  return undefined;
}

/** `trunks/trunk-01`, several with commas between them or as a list. */
function readDown(draft: Draft, value: Value): string | undefined {
  const entries: Json[] = Array.isArray(value) ? value : String(value).split(',');
  const down: Json[] = [];
  for (const entry of entries) {
    const found = typeof entry === 'string' ? parseDown(entry) : entry;
    if (!isObject(found)) return expected(value, 'KIND/REF, such as trunks/trunk-01');
    if (!canBeDown(found)) return expected(value, CAN_BE_DOWN);
    down.push(found);
  }
  draft['down'] = down;
  return undefined;
}

/** What can be out of order, for errors: a decision does not look at the state of anything else. */
export const CAN_BE_DOWN = 'a trunk, an agent or a peer: nothing else can be out of order';

/** Whether a call is decided otherwise where this is out of order. */
export const canBeDown = ({ kind }: { readonly kind?: unknown }): boolean =>
  kind === 'Trunk' || kind === 'Agent' || kind === 'Peer';

/** A resource as `topic/key`: `trunks/trunk-01`; undefined for other text. */
export function parseDown(resource: string): { kind: string; ref: string } | undefined {
  const at = resource.indexOf('/');
  const kind = kindCalled(resource.slice(0, at).trim());
  const ref = resource.slice(at + 1).trim();
  return at > 0 && kind && ref !== '' ? { kind: kind.name, ref } : undefined;
}
