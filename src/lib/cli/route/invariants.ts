/** Invariants as files have them (docs/assert.md), read with the place of everything that is wrong. */
import { nameOf, unknownKey } from '../../config/files/checker.js';
import { type FileProblem, readValues } from '../../config/files/index.js';
import { isMap } from '../../config/files/types.js';
import { CtlError } from '../../errors.js';
import type { Json } from '../../kinds/kind.js';
import { didYouMean } from '../../kinds/nearest.js';
import { quote } from '../../kinds/words.js';
import type { Callers, Dialled, Invariant } from '../../proof/assert/invariant.js';
import { readCall } from '../../proof/calls.js';
import type { CallDocument } from '../../proof/engine.js';
import { languageOf } from '../../proof/language/language.js';
import { type Expectation, wantedOf } from '../../proof/suite/expectation.js';
import { readRequest } from '../../routing/request.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { Unreadable } from '../config/unreadable.js';
import { collectInputs, type Names } from '../input/files.js';
import { inputError } from '../input/problems.js';
import { processSources } from '../input/source.js';
import { expectationsOf, lossyNumbers, type Placed, type Refuse } from './case-reader.js';
import { expectationFault } from './expectations.js';

const MEMBERS = ['name', 'from', 'dialled', 'hosts', 'call', 'must', 'mustNot'];
const NAMES: Names = { pattern: /\.(?:yaml|yml|json|jsonl|ndjson)$/i, shown: '.yaml, .yml, .json or .jsonl' };
const CALLERS = 'agents, agents of DOMAIN, peers, outside, or an agent or peer';
/** Members of a call that an invariant cannot fix: they say who calls and what is dialled, or are secrets of one caller. */
const NOT_FIXED = ['dialled', 'from', 'password', 'connectToken'];

/**
 * The invariants of files and folders.
 * @throws CtlError usage, naming every problem of every file
 */
export async function readInvariants(paths: readonly string[], snapshot: Snapshot): Promise<Invariant[]> {
  const reader = new Reader(snapshot);
  for await (const input of await collectInputs(paths, processSources, 'FILE', NAMES)) {
    const { documents, problems } = await readValues(input);
    reader.problems.push(...problems);
    for (const document of documents) reader.read(document);
  }
  if (reader.problems.length > 0) throw new Unreadable(reader.problems);
  if (reader.invariants.length === 0)
    throw inputError('there is nothing to prove', [
      { field: 'FILE', message: `${paths.join(', ')} holds no invariants: see docs/assert.md` },
    ]);
  return reader.invariants;
}

interface Problem {
  readonly problem: string;
}

const isProblem = (found: object): found is Problem => 'problem' in found;

class Reader {
  readonly invariants: Invariant[] = [];
  readonly problems: FileProblem[] = [];

  constructor(private readonly snapshot: Snapshot) {}

  read(placed: Placed): void {
    const before = this.problems.length;
    const { value } = placed;
    const refuse: Refuse = (path, message) =>
      void this.problems.push({ place: placed.at(path), path, message });
    if (!isMap(value))
      return refuse('', `is ${nameOf(value)}: expected an invariant with ${MEMBERS.join(', ')}`);
    for (const name of Object.keys(value))
      if (!MEMBERS.includes(name)) refuse(name, unknownKey(name, name, MEMBERS).message);
    lossyNumbers(placed, value, '', refuse);
    const { name, hosts = 'assumed' } = value;
    if (typeof name !== 'string' || name.trim() === '')
      refuse('name', 'is missing: expected what the invariant is about, as text');
    if (hosts !== 'assumed' && hosts !== 'any')
      refuse('hosts', `is ${nameOf(hosts)}: expected assumed or any`);
    const wanted = this.wanted(value, refuse);
    const callers = this.list<Callers>(value, 'from', CALLERS, refuse, (text) => this.callers(text));
    const circumstances = circumstancesOf(value['call'], refuse);
    const dialled = this.list<Dialled>(value, 'dialled', 'values, /a pattern/ or numbers', refuse, (text) =>
      dialledOf(text, circumstances),
    );
    if (this.problems.length > before) return;
    this.invariants.push({
      name: String(name),
      place: placed.at(''),
      callers,
      dialled,
      hosts: hosts as 'assumed' | 'any',
      circumstances,
      ...wanted!,
    });
  }

  /** A text or several, each read on its own. */
  private list<T extends object>(
    value: { readonly [member: string]: Json },
    member: string,
    expected: string,
    refuse: Refuse,
    read: (text: string) => T | Problem,
  ): T[] {
    const given = value[member] ?? null;
    const items = Array.isArray(given) ? given : [given];
    if (given === null || items.length === 0) refuse(member, `is missing: expected ${expected}`);
    return items.flatMap((item, i) => {
      const path = Array.isArray(given) ? `${member}[${i}]` : member;
      if (item === null || given === null) return [];
      if (typeof item === 'object') return refuse(path, `is ${nameOf(item)}: expected ${expected}`) ?? [];
      const found = read(String(item));
      if (!isProblem(found)) return [found];
      return refuse(path, found.problem) ?? [];
    });
  }

  private callers(text: string): Callers | { problem: string } {
    const { catalog } = this.snapshot;
    if (text === 'agents' || text === 'peers' || text === 'outside') return { of: text };
    const domain = /^agents of (.+)$/.exec(text)?.[1];
    if (domain !== undefined) {
      const [domainRef] = catalog.find('Domain', domain);
      if (domainRef !== undefined) return { of: 'agents', domainRef };
      const known = [...catalog.all('Domain')].map((one) => catalog.label(one));
      return {
        problem: `is ${quote(text)}, but there is no domain ${quote(domain)}${didYouMean(domain, known)}`,
      };
    }
    const found = (['Agent', 'Peer'] as const).flatMap((kind) =>
      catalog.find(kind, text).map((ref) => ({ of: 'one' as const, kind, ref })),
    );
    const [one, other] = found;
    if (one && !other) return one;
    if (other) return { problem: `is ${quote(text)}, which names several: expected a ref` };
    const near = didYouMean(text, ['agents', 'agents of', 'peers', 'outside']);
    return { problem: `is ${quote(text)}, which nobody is${near}: expected ${CALLERS}` };
  }

  private wanted(
    value: { readonly [member: string]: Json },
    refuse: Refuse,
  ): Pick<Invariant, 'wanted' | 'outcomes'> | undefined {
    const given = (['must', 'mustNot'] as const).filter((name) => value[name] !== undefined);
    const [wanted] = given;
    if (given.length !== 1 || !wanted) {
      const found = given.length === 0 ? 'is missing' : 'stands beside mustNot';
      refuse(
        'must',
        `${found}: expected must or mustNot, with parts of the decision such as { trunk: trunk-01 }`,
      );
      return undefined;
    }
    const outcomes = value[wanted]!;
    const list = Array.isArray(outcomes) ? outcomes : [outcomes];
    if (list.length === 0) refuse(wanted, 'is empty: expected parts of the decision');
    const read = list.map((outcome, i) =>
      this.outcome(outcome, Array.isArray(outcomes) ? `${wanted}[${i}]` : wanted, refuse),
    );
    return { wanted, outcomes: read };
  }

  private outcome(value: Json, path: string, refuse: Refuse): Expectation[] {
    const found = expectationsOf(value, (at, message) =>
      refuse(
        at.replace(/^expect/, () => path),
        message,
      ),
    );
    for (const expectation of found) {
      const fault = expectationFault(expectation, this.snapshot);
      if (fault !== undefined) refuse(`${path}.${expectation.name}`, fault);
    }
    return found;
  }
}

function circumstancesOf(value: Json | undefined, refuse: Refuse): CallDocument {
  if (value === undefined || value === null) return {};
  if (!isMap(value)) {
    refuse('call', `is ${nameOf(value)}: expected members of a call, such as { source-ip: 10.0.0.1 }`);
    return {};
  }
  const { call, problems } = readCall({ ...value, dialled: '1' });
  for (const { field, message } of problems) refuse(`call.${field}`, message);
  const fixed = Object.keys(value).filter((name) => NOT_FIXED.includes(camel(name)));
  for (const name of fixed)
    refuse(`call.${name}`, 'cannot be fixed here: it is not the same for all callers');
  const { dialled: _dialled, ...rest } = call;
  return rest;
}

const camel = (name: string): string => name.replace(/[-_](.)/g, (_, letter: string) => letter.toUpperCase());

function dialledOf(text: string, circumstances: CallDocument): Dialled | { problem: string } {
  if (text === 'numbers') return { numbers: true };
  const wanted = wantedOf(text);
  if ('problem' in wanted) return wanted;
  if ('pattern' in wanted) {
    const { matches } = wanted;
    return { pattern: text, language: languageOf(text.slice(1, -1)), matches };
  }
  try {
    readRequest({ ...circumstances, dialled: text });
    return { value: text };
  } catch (error) {
    if (!(error instanceof CtlError)) throw error;
    return { problem: error.message };
  }
}
