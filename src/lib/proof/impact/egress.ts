/**
 * The exact sets of dialled strings for which a change makes agents' calls leave otherwise: symbolically, so that
 * numbers on no list are covered too.
 */
import type { Domain } from '../../kinds/domain.js';
import { analysed, isAnalysable, Language, languageOf, type NotAnalysable } from '../language/language.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { callerClasses, type CallerClass, requestOf } from './callers.js';
import { effectOn } from './compare.js';
import { dialable } from '../dialable.js';
import { difference } from '../outcome.js';
import type { Transition } from './rebase.js';

/** Dialled strings whose outcome changes in the same way for agents of a domain. */
export interface ChangedSet {
  /** Ref of the domain. */
  readonly domain: string;
  /** How many of its agents, and of how many. */
  readonly agents: { readonly count: number; readonly of: number };
  readonly before: string;
  readonly after: string;
  /** Of those the strings that are no number, user or called value of the configuration, which stand in groups. */
  readonly users: Language;
  /** A caller and a string that show it. */
  readonly example: { readonly from: string; readonly dialled: string };
}

/** A domain whose rules cannot be analysed: what is said of it rests on examples. */
export interface Sampled extends NotAnalysable {
  readonly domain: string;
}

export interface EgressChange {
  readonly sets: readonly ChangedSet[];
  readonly sampled: readonly Sampled[];
}

/** Works domain by domain; yields between them. */
export function* egressChanges(
  change: Transition,
  classes = callerClasses(change.before, change.after),
): Generator<void, EgressChange> {
  const { before, after, deltas } = change;
  const sets: ChangedSet[] = [];
  const sampled: Sampled[] = [];
  if (deltas.length === 0) return { sets, sampled };
  for (const { ref } of before.catalog.all('Domain')) {
    const own = classes.filter(
      ({ resource }) => resource && 'domainRef' in resource.doc && resource.doc.domainRef === ref,
    );
    if (own.length === 0 || !after.catalog.get('Domain', ref)) continue;
    yield;
    const found = analysed(() => changedSets(change, ref, own));
    if (Array.isArray(found)) sets.push(...found);
    else sampled.push({ domain: ref, ...(found as NotAnalysable) });
  }
  return { sets, sampled };
}

function changedSets(
  change: Transition,
  domain: string,
  classes: readonly CallerClass[],
): ChangedSet[] | NotAnalysable {
  const { before, after } = change;
  const [old, now] = [partsOf(before, domain), partsOf(after, domain)];
  if (!Array.isArray(old)) return old;
  if (!Array.isArray(now)) return now;
  const limit = namesIn(before) + namesIn(after) + 1;
  const parts = [...overlaps(old, now)];
  const of = classes.reduce((sum, { count }) => sum + count, 0);
  const found: ChangedSet[] = [];
  for (const caller of classes) {
    const sets = new Map<string, ChangedSet>();
    for (const part of parts) {
      const example = exampleOf(change, caller, part, limit);
      if (!example) continue;
      const [was, is] = example.outcomes;
      const known = sets.get(`${was}\n${is}`);
      sets.set(`${was}\n${is}`, {
        domain,
        agents: { count: caller.count, of },
        before: was,
        after: is,
        users: known ? known.users.union(part) : part,
        example: known?.example ?? { from: caller.call.from!, dialled: example.dialled },
      });
    }
    for (const set of sets.values()) join(found, set);
  }
  return found;
}

/** Adds a set to the others, or its agents to those for whom the very same changes. */
function join(sets: ChangedSet[], set: ChangedSet): void {
  const at = sets.findIndex(
    ({ before, after, users }) => before === set.before && after === set.after && users.equals(set.users),
  );
  const same = sets[at];
  if (!same) sets.push(set);
  else sets[at] = { ...same, agents: { ...same.agents, count: same.agents.count + set.agents.count } };
}

const known = new Map<string, Language[] | NotAnalysable>();
const MAX_KNOWN = 256;

/** What each rule of a domain takes, those before it having had their turn; and last what no rule takes. */
function partsOf(snapshot: Snapshot, ref: string): Language[] | NotAnalysable {
  const rules = snapshot.resource<Domain>('Domain', ref)!.doc.egressPolicies.map(({ rule }) => rule);
  const key = rules.join('\0');
  let parts = known.get(key);
  if (!parts) {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, (parts = split(rules)));
  }
  return parts;
}

function split(rules: readonly string[]): Language[] | NotAnalysable {
  const parts: Language[] = [];
  let rest = Language.all;
  for (const [i, rule] of rules.entries()) {
    const language = languageOf(rule);
    if (!isAnalysable(language)) return { notAnalysable: `egressPolicies[${i}]: ${language.notAnalysable}` };
    parts.push(rest.intersect(language));
    rest = rest.minus(language);
  }
  return [...parts, rest];
}

/** The parts that two partitions have in common, none of them empty. */
function* overlaps(old: readonly Language[], now: readonly Language[]): Generator<Language> {
  for (const was of old) {
    if (was.isEmpty) continue;
    const same = now.find((is) => is.equals(was));
    if (same) yield was;
    else for (const is of now) if (was.overlaps(is)) yield was.intersect(is);
  }
}

/** A string that leaves by the rules of the domain, and how its outcome changes; undefined when it does not. */
function exampleOf({ before, after }: Transition, caller: CallerClass, users: Language, limit: number) {
  let tried = 0;
  for (const user of candidates(users)) {
    if (++tried > limit) return undefined;
    const dialled = dialable(user);
    const request = requestOf(caller, dialled);
    const [old, now] = [effectOn(before, request), effectOn(after, request)];
    if (![old, now].every((one) => one?.routingType === 'agent-to-pstn' && !one.profile)) continue;
    const outcomes = difference(old, now);
    return outcomes && { dialled, outcomes };
  }
  return undefined;
}

/** A string that a person would dial, and then all others. */
function* candidates(users: Language): Generator<string> {
  const example = users.example();
  if (example === undefined) return;
  yield example;
  yield* users.words();
}

/** More users than a configuration has names for: one of so many is none of them. */
function namesIn({ catalog, sipRoutes }: Snapshot): number {
  const called = sipRoutes.reduce((sum, { doc }) => sum + doc.called.length, 0);
  return called + 2 * (catalog.size('Number') + catalog.size('Agent') + catalog.size('Peer'));
}
