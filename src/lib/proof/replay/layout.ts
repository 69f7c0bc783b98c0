/** Which column of a CDR says what: by the names that CDRs have, by what the user says, or by place. */
import { CtlError } from '../../errors.js';
import { didYouMean } from '../../kinds/nearest.js';
import { quote } from '../../kinds/words.js';
import { CALL_FIELDS } from '../calls.js';

/** Fields of a past call beside those of a call that is asked. */
const PAST_FIELDS = [
  'dialled-host',
  'from-host',
  'call-id',
  'status',
  'disposition',
  'trunk',
  'profile',
] as const;

/** Names of what a column may be. `header NAME` is another. */
export const FIELDS: readonly string[] = [...CALL_FIELDS, ...PAST_FIELDS];

/** Columns of CDRs by field, in the order in which they are believed; Asterisk's, Kamailio's and OpenSIPS' too. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  dialled: ['dialled', 'dialed', 'dst', 'dstouser', 'dstuser', 'called', 'callee', 'destination', 'to'],
  from: ['from', 'src', 'srcuser', 'caller', 'calling', 'callerid'],
  'from-host': ['fromhost', 'srcdomain', 'fromdomain'],
  'dialled-host': ['dialledhost'],
  'source-ip': ['sourceip', 'srcip'],
  header: ['header', 'headers'],
  at: ['at', 'time', 'start', 'calldate', 'timestamp', 'date'],
  'call-id': ['callid'],
  status: ['status', 'sipcode', 'sipstatus', 'code'],
};

export const bareName = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, '');

/** Names of columns in files without a header: what Asterisk's cdr_csv and the sample of cdr_custom write. */
const ASTERISK =
  'accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition,amaflags,uniqueid,userfield'.split(
    ',',
  );
const ASTERISK_CUSTOM =
  'clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield,sequence'.split(
    ',',
  );
const DISPOSITIONS = ['ANSWERED', 'NO ANSWER', 'BUSY', 'FAILED', 'CONGESTION'];

/** The names of the columns of a file, by its first row; undefined when that row is a header. */
export function columnsWithoutHeader(row: readonly string[]): readonly string[] | undefined {
  return [ASTERISK, ASTERISK_CUSTOM].find(
    (columns) =>
      row.length >= columns.indexOf('disposition') + 2 &&
      DISPOSITIONS.includes(row[columns.indexOf('disposition')]!),
  );
}

/** A column by field, as `--column FIELD=COLUMN` has it: a name, or its number from 1. */
export type Mapping = ReadonlyMap<string, string>;

/**
 * Reads the values of `--column`.
 * @throws CtlError usage that names every bad one
 */
export function readMapping(texts: readonly string[]): Mapping {
  const problems: string[] = [];
  const mapping = new Map<string, string>();
  for (const text of texts) {
    const [, field = '', column = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    const known = FIELDS.find((name) => bareName(name) === bareName(field)) ?? headerField(field);
    if (column === '')
      problems.push(`${quote(text)} is no mapping: expected FIELD=COLUMN, such as dialled=dst`);
    else if (!known)
      problems.push(
        `${quote(field)} is no field${didYouMean(field, FIELDS)}: expected ${FIELDS.join(', ')}, header NAME`,
      );
    else mapping.set(known, column);
  }
  if (problems.length === 0) return mapping;
  const fields = problems.map((message) => ({ field: '--column', message }));
  throw new CtlError('usage', `cannot read the columns: --column ${problems[0]!}`, { fields });
}

const headerField = (field: string): string | undefined =>
  /^header[ .:]\S+$/i.test(field) ? field : undefined;

/** Where a value stands in a row, by field. */
export type Places = ReadonlyMap<string, number>;

/** The places of the fields in rows with these columns. A column that the user names wins. */
export function placesOf(columns: readonly string[], mapping: Mapping): Places {
  const places = new Map<string, number>();
  const bare = columns.map(bareName);
  for (const field of FIELDS) {
    const at = (KNOWN[field] ?? [bareName(field)]).map((name) => bare.indexOf(name)).find((i) => i >= 0);
    if (at !== undefined) places.set(field, at);
  }
  for (const [i, name] of columns.entries()) if (headerField(name)) places.set(name, i);
  for (const [field, column] of mapping) {
    const at = placeOf(column, columns);
    if (at !== undefined) places.set(field, at);
    else places.delete(field);
  }
  return places;
}

function placeOf(column: string, columns: readonly string[]): number | undefined {
  if (columns.includes(column)) return columns.indexOf(column);
  const bare = columns.map(bareName).indexOf(bareName(column));
  if (bare >= 0) return bare;
  return /^\d+$/.test(column) && Number(column) >= 1 && Number(column) <= columns.length
    ? Number(column) - 1
    : undefined;
}

/**
 * Checks that the columns of a file can be used.
 * @throws CtlError usage when one that the user names is not there, or none says what was dialled
 */
export function checkColumns(columns: readonly string[], mapping: Mapping, file: string): void {
  const list = columns.slice(0, 40).map(quote).join(', ');
  const hint = 'Name it by its header or its number from 1, such as: --column dialled=dst --column from=2.';
  for (const column of mapping.values()) {
    if (placeOf(column, columns) !== undefined) continue;
    const message = `names ${quote(column)}, which ${file} does not have: expected one of ${list}`;
    throw new CtlError('usage', `cannot read ${file}: --column ${message}`, {
      hint,
      fields: [{ field: '--column', message }],
    });
  }
  if (placesOf(columns, mapping).has('dialled')) return;
  const message = `has no column that says what was dialled; its columns are ${list}`;
  throw new CtlError('usage', `cannot read ${file}: it ${message}`, {
    hint,
    fields: [{ field: file, message }],
  });
}
