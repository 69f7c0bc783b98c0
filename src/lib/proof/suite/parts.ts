/** The parts of a decision that tests name most, under short names; paths name the rest. */
import type { KindName, Json } from '../../kinds/kind.js';
import { didYouMean } from '../../kinds/nearest.js';
import type { Decision, Stage } from '../../routing/decision.js';
import { parsePath, roots, valuesAt } from './paths.js';

/** Other names of a resource than its ref, such as its natural key. */
export type NamesOf = (kind: KindName, ref: string) => readonly string[];

/** What a decision has at a part. */
export interface Found {
  /** One of these meets an expectation of a single value. */
  readonly values: readonly Json[];
  /** This meets an expectation of a list. */
  readonly list?: readonly Json[] | undefined;
}

export interface Part {
  readonly summary: string;
  /** The stage that settles it; absent where that depends on the outcome. */
  readonly stage?: Stage;
  /** Its resource may be named by its natural key too, which only the configuration tells. */
  readonly isNamed?: boolean;
  /** It takes a list too. */
  readonly isList?: boolean;
  /**
   * It tells which rule decided, not what the call does: a changed rule is another one, so that mutation does not
   * count it as noticed.
   */
  readonly isIdentity?: boolean;
  find(decision: Decision, namesOf: NamesOf): Found;
}

/** One value under several names; null where there is none. */
const named = (...names: readonly (string | null | undefined)[]): Found => {
  const values = names.filter((name) => name !== null && name !== undefined);
  return { values: values.length > 0 ? values : [null] };
};

const resource = (namesOf: NamesOf, kind: KindName, ref: string | undefined): Found =>
  ref === undefined ? named() : named(ref, ...namesOf(kind, ref));

const listed = (values: readonly Json[], single: readonly Json[]): Found => ({
  values: single.length > 0 ? single : [null],
  list: values,
});

export const parts: Readonly<Record<string, Part>> = {
  routingType: {
    summary: 'routing type: agent-to-pstn, from-pstn, …',
    stage: 'type',
    find: ({ routingType }) => named(routingType),
  },
  verdict: { summary: 'profile, route or reject', find: ({ verdict }) => named(verdict) },
  caller: {
    summary: 'who calls, by ref or natural key',
    stage: 'caller',
    isNamed: true,
    find: ({ caller }, namesOf) => resource(namesOf, caller?.kind ?? 'Agent', caller?.ref),
  },
  callee: {
    summary: 'who is called, by ref or natural key',
    stage: 'callee',
    isNamed: true,
    find: ({ callee }, namesOf) => resource(namesOf, callee?.kind ?? 'Agent', callee?.ref),
  },
  profile: {
    summary: 'profile that handles the call, by ref or name',
    stage: 'profile',
    find: ({ profile }) => named(profile?.ref, profile?.name),
  },
  persona: {
    summary: 'persona of that profile, by ref or name',
    stage: 'profile',
    find: ({ profile }) => named(profile?.persona.ref, profile?.persona.name),
  },
  sipRoute: {
    summary: 'SIP route that took the call, by ref',
    stage: 'profile',
    find: ({ profile }) => named(profile?.sipRoute),
  },
  called: {
    summary: 'called value of that SIP route',
    stage: 'profile',
    isIdentity: true,
    find: ({ profile }) => named(profile?.called),
  },
  target: {
    summary: 'URI of the first target; a list: all of them in order',
    stage: 'route',
    isList: true,
    find: ({ route }) => {
      const uris = route?.targets.map(({ uri }) => uri) ?? [];
      return listed(uris, uris.slice(0, 1));
    },
  },
  trunk: {
    summary: 'trunk that carries the call, by ref or natural key',
    stage: 'route',
    isNamed: true,
    find: ({ route }, namesOf) => {
      const via = route?.targets.find(({ via }) => via.kind === 'Trunk')?.via;
      return resource(namesOf, 'Trunk', via?.ref);
    },
  },
  egressRule: {
    summary: 'rule by which the call leaves, as it is written',
    stage: 'route',
    isIdentity: true,
    find: ({ route }) => named(route?.egressPolicy?.rule),
  },
  egressNumber: {
    summary: 'number by which the call leaves, by ref or natural key',
    stage: 'route',
    isNamed: true,
    find: ({ route }, namesOf) => resource(namesOf, 'Number', route?.egressPolicy?.numberRef),
  },
  reason: { summary: 'why the call is rejected', find: ({ rejection }) => named(rejection?.reason) },
  sipStatus: {
    summary: 'SIP status of a rejected call',
    find: ({ rejection }) => ({ values: [rejection?.sipStatus ?? null] }),
  },
  warning: {
    summary: 'code of a warning; a list: all of them',
    isList: true,
    find: ({ warnings }) => {
      const codes = warnings.map(({ code }) => code);
      return listed(codes, codes);
    },
  },
};

/** `header.NAME`: the value of a header added toward the first target. */
const HEADER = /^header\.(.+)$/;

const header = (name: string): Part => ({
  summary: 'header added toward the first target',
  stage: 'route',
  find: ({ route }) => {
    const added = route?.targets[0]?.headers.filter(
      (change) => change.action === 'add' && change.name.toLowerCase() === name.toLowerCase(),
    );
    return listed([], added?.map(({ value }) => value) ?? []);
  },
});

const STAGES: Readonly<Record<string, Stage>> = {
  call: 'call',
  caller: 'caller',
  callee: 'callee',
  routingType: 'type',
  profile: 'profile',
  route: 'route',
};
/** What changes with the text and the place of rules. */
const IDENTITY =
  /^(?:profile\.called|route\.egressPolicy\.(?:index|rule)|rejection\.message|warnings.*|trace.*|revision)$/;

/** The part with a short name or path, or what is wrong with the name and what is expected. */
export function partNamed(name: string): Part | { problem: string } {
  if (Object.hasOwn(parts, name)) return parts[name]!;
  const found = HEADER.exec(name);
  if (found) return header(found[1]!);
  if (name === 'header') return { problem: 'says not which: expected such as header.Privacy' };
  const known = [...Object.keys(parts), 'header', ...roots];
  const [root] = name.split(/[.[]/, 1) as [string];
  if (!roots.includes(root)) {
    const near = didYouMean(root, known) || `: expected one of ${known.slice(0, -roots.length).join(', ')}`;
    return { problem: `is no part of a decision${near}` };
  }
  const path = parsePath(name);
  if ('problem' in path) return path;
  const { steps, isList } = path;
  const stage = STAGES[root];
  return {
    summary: 'a path into the decision',
    ...(stage && { stage }),
    isList,
    isIdentity: IDENTITY.test(name),
    find(decision) {
      const values = valuesAt(decision, steps);
      const [value] = values;
      return isList && Array.isArray(value) ? { values: [null], list: value } : { values };
    },
  };
}
