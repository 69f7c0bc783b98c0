/** Test cases as files have them (docs/testing.md), read with the place of everything that is wrong. */
import { type FileProblem, isMap, type JsonMap } from '../../config/files/types.js';
import { nameOf, unknownKey } from '../../config/files/checker.js';
import { CtlError } from '../../errors.js';
import type { Json } from '../../kinds/kind.js';
import { readCall } from '../../proof/calls.js';
import type { CallDocument } from '../../proof/engine.js';
import type { Case } from '../../proof/suite/case.js';
import { type Expectation, expectationOf } from '../../proof/suite/expectation.js';
import { readRequest } from '../../routing/request.js';

const MEMBERS = ['name', 'call', 'expect'];

/** A value from a file, and where its parts stand. */
export interface Placed {
  readonly value: Json;
  readonly file: string;
  at(path: string): string;
  /** A scalar as the file has it. */
  sourceOf(path: string): string | undefined;
}

/** Reads cases one after another; a name stands once in a file. */
export class CaseReader {
  readonly cases: Case[] = [];
  readonly problems: FileProblem[] = [];
  /** The cases by file and name. */
  private readonly names = new Map<string, Map<string, Placed>>();

  read(placed: Placed): void {
    const before = this.problems.length;
    const { value, file } = placed;
    const refuse = (path: string, message: string) =>
      void this.problems.push({ place: placed.at(path), path, message });
    if (!isMap(value)) return refuse('', `is ${nameOf(value)}: expected a case with ${MEMBERS.join(', ')}`);
    if ('kind' in value && !('call' in value))
      return refuse('', 'is a resource, and no case: configurations are given by --config or --with');
    for (const name of Object.keys(value))
      if (!MEMBERS.includes(name)) refuse(name, unknownKey(name, name, MEMBERS).message);
    lossyNumbers(placed, value, '', refuse);
    const name = this.name(placed, value['name'], refuse);
    const call = callOf(value['call'], refuse);
    const expectations = expectationsOf(value['expect'], refuse);
    if (this.problems.length > before) return;
    this.cases.push({
      name,
      file,
      // Looking for it costs more than deciding the call.
      get place() {
        return placed.at('');
      },
      call,
      expectations,
    });
  }

  private name(placed: Placed, value: Json | undefined, refuse: Refuse): string {
    const name = typeof value === 'number' ? String(value) : value;
    if (typeof name !== 'string' || name.trim() === '') {
      refuse(
        'name',
        value === undefined
          ? 'is missing: expected what the case is about'
          : `is ${nameOf(value)}: expected text`,
      );
      return '';
    }
    const names = this.names.get(placed.file) ?? new Map<string, Placed>();
    this.names.set(placed.file, names);
    const first = names.get(name);
    if (first) refuse('name', `is the name of a second case: the first stands at ${first.at('name')}`);
    else names.set(name, placed);
    return name;
  }
}

/** Notes what is wrong at a path. */
export type Refuse = (path: string, message: string) => void;

/** Paths of what is never shown. */
const SECRET = /password|token/i;

/** Numbers that are written as no number is: `+1910` has lost its plus, and `0800` its zero. */
export function lossyNumbers(placed: Placed, value: Json, path: string, refuse: Refuse): void {
  if (typeof value === 'number') {
    const source = placed.sourceOf(path);
    if (source === undefined || source === String(value)) return;
    const shown = SECRET.test(path) ? '' : ` that would be read as ${value}`;
    const quoted = SECRET.test(path) ? '' : `, "${source.slice(0, 80)}"`;
    refuse(path, `is a number${shown}: quote it${quoted}`);
  } else if (Array.isArray(value))
    value.forEach((entry, i) => lossyNumbers(placed, entry, `${path}[${i}]`, refuse));
  else if (isMap(value))
    for (const [name, member] of Object.entries(value))
      lossyNumbers(placed, member, path === '' ? name : `${path}.${name}`, refuse);
}

function callOf(value: Json | undefined, refuse: Refuse): CallDocument {
  if (!isMap(value)) {
    const found = value === undefined ? 'is missing' : `is ${nameOf(value)}`;
    refuse(
      'call',
      `${found}: expected what is dialled, and from whom: { dialled: "1002", from: 1001@sip.local }`,
    );
    return {};
  }
  const { call, problems } = readCall(value);
  for (const { field, message } of problems) refuse(`call.${field}`, message);
  if (problems.length > 0) return {};
  try {
    readRequest(call);
  } catch (error) {
    if (!(error instanceof CtlError)) throw error;
    for (const { field, message } of error.fields) refuse(`call.${writtenAs(value, field)}`, message);
  }
  return call;
}

/** The member of a call as it is written where a field of a request is wrong: `source-ip` for `source.ip`. */
function writtenAs(value: JsonMap, field: string): string {
  const bare = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');
  const [top] = field.split('.', 1) as [string];
  return (
    Object.keys(value).find((name) => bare(name) === bare(field)) ??
    Object.keys(value).find((name) => bare(top).startsWith(bare(name))) ??
    field
  );
}

/** What is expected, as names of parts and values. */
export function expectationsOf(value: Json | undefined, refuse: Refuse): Expectation[] {
  if (!isMap(value) || Object.keys(value).length === 0) {
    const found = value === undefined ? 'is missing' : isMap(value) ? 'is empty' : `is ${nameOf(value)}`;
    refuse('expect', `${found}: expected parts of the decision, such as { verdict: route, trunk: trunk-01 }`);
    return [];
  }
  return flat(value).flatMap(([name, wanted]) => {
    const expectation = expectationOf(name, wanted);
    if (!('problem' in expectation)) return [expectation];
    refuse(`expect.${name}`, expectation.problem);
    return [];
  });
}

/** Headers stand in a mapping of their own, as names and values. */
const flat = (expected: JsonMap): [string, Json][] =>
  Object.entries(expected).flatMap(([name, wanted]): [string, Json][] =>
    name === 'header' && isMap(wanted)
      ? Object.entries(wanted).map(([header, value]) => [`header.${header}`, value])
      : [[name, wanted]],
  );
