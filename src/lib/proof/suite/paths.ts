/** Paths into the decision document (docs/semantics.md 8), checked against what a decision can have. */
import { kindOf } from '../../kinds/index.js';
import type { Json, KindName } from '../../kinds/kind.js';
import { didYouMean } from '../../kinds/nearest.js';
import { quote } from '../../kinds/words.js';

/** What stands at a place of the document: a value, any value at all, a list, or members by name. */
type Shape = 'value' | 'any' | readonly [Shape] | { readonly [member: string]: Shape };

const members = <N extends string>(...names: readonly N[]) =>
  Object.fromEntries(names.map((name) => [name, 'value'])) as { readonly [name in N]: Shape };

/** A resource that the decision writes out. */
const expanded = (name: KindName): Shape => {
  const fields = Object.entries(kindOf(name).fields).map(([field, { type }]): [string, Shape] => [
    field,
    type === 'object' ? 'any' : type === 'list' ? ['value'] : 'value',
  ]);
  return { ref: 'value', ...Object.fromEntries(fields) };
};

const PARTY = members('kind', 'ref', 'name');
const HEADER = members('name', 'value');

const DECISION: Shape = {
  ...members('schema', 'revision', 'routingType', 'verdict'),
  call: {
    ...members('method', 'at', 'authentication', 'connectToken', 'registered'),
    raw: members('dialled', 'from'),
    from: members('user', 'host', 'displayName'),
    requestUri: members('uri', 'user', 'host', 'port'),
    source: members('ip', 'port', 'transport'),
    headers: [HEADER],
    down: ['value'],
  },
  caller: PARTY,
  callee: PARTY,
  profile: {
    ...members('ref', 'name', 'sipRoute', 'called'),
    persona: expanded('Persona'),
    policy: expanded('Policy'),
    realtime: expanded('Modality'),
    stt: expanded('Modality'),
    llm: expanded('Modality'),
    tts: expanded('Modality'),
  },
  route: {
    targets: [
      {
        ...members('uri', 'host', 'port', 'transport', 'user', 'priority', 'weight', 'assumed'),
        via: members('kind', 'ref'),
        headers: [{ action: 'value', ...HEADER }],
      },
    ],
    gatewayCredentialsRef: 'value',
    egressPolicy: members('index', 'rule', 'numberRef'),
  },
  rejection: members('sipStatus', 'reason', 'message', 'hint'),
  warnings: [members('code', 'message')],
  trace: [{ ...members('stage', 'subject', 'outcome', 'reason'), compared: ['value'] }],
};

/** A step of a path: a member, an entry of a list, or `*` for any entry. */
export type Step = string | number;

/** The members at the top of a decision. */
export const roots: readonly string[] = Object.keys(DECISION);

/**
 * The steps of a path such as `route.targets[0].port` or `warnings[*].code`.
 * @returns the steps and whether a list stands there, or what is wrong with the path and what is expected
 */
export function parsePath(path: string): { steps: readonly Step[]; isList: boolean } | { problem: string } {
  const steps: Step[] = [];
  let shape: Shape = DECISION;
  for (const [, name, entry] of path.matchAll(/([^.[\]]+)|\[(\d+|\*)\]/g)) {
    if (shape === 'any') steps.push(name ?? Number(entry));
    else if (name !== undefined) {
      if (typeof shape !== 'object' || Array.isArray(shape) || !Object.hasOwn(shape, name))
        return { problem: noMember(name, shape) };
      shape = (shape as { readonly [member: string]: Shape })[name]!;
      steps.push(name);
    } else {
      if (!Array.isArray(shape)) return { problem: `has no list before [${entry}]` };
      shape = shape[0] as Shape;
      steps.push(entry === '*' ? '*' : Number(entry));
    }
  }
  if (pathOf(steps) !== path) return { problem: 'is no path: expected one such as route.targets[0].port' };
  const isList = Array.isArray(shape) && shape[0] === 'value';
  return typeof shape === 'string' || isList
    ? { steps, isList }
    : { problem: `names a whole object: expected one of ${below(path, shape).join(', ')}` };
}

const noMember = (name: string, shape: Shape): string => {
  if (typeof shape === 'string') return `names nothing: there is a single value before ${quote(name)}`;
  if (Array.isArray(shape)) return `names a list before ${quote(name)}: expected [0] or [*]`;
  const names = Object.keys(shape);
  return `names no part of a decision: ${quote(name)}${didYouMean(name, names) || `, expected one of ${names.join(', ')}`}`;
};

const below = (path: string, shape: Shape): string[] =>
  Array.isArray(shape)
    ? [`${path}[0]`, `${path}[*]`]
    : Object.keys(shape as object).map((member) => `${path}.${member}`);

const pathOf = (steps: readonly Step[]): string =>
  steps
    .map((step, i) => (typeof step === 'number' || step === '*' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('');

/** The values that steps lead to, several where one of them is `*`; null where there is nothing. */
export function valuesAt(document: unknown, steps: readonly Step[]): Json[] {
  let found: unknown[] = [document];
  for (const step of steps)
    found = found.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return [];
      if (step === '*') return value as unknown[];
      return [(value as Record<Step, unknown>)[step]];
    });
  return found.length === 0 ? [null] : found.map((value) => (value ?? null) as Json);
}
