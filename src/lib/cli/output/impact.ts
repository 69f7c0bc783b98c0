/** How the impact of a change looks: prose for a person, a row for each change in CSV. */
import { rangeText } from '../../proof/addresses.js';
import type { CallDocument } from '../../proof/engine.js';
import type { ChangedAddresses, GuardedPlace } from '../../proof/impact/addresses.js';
import type { ChangedAuthentication } from '../../proof/impact/authentication.js';
import type { Example, Group } from '../../proof/impact/groups.js';
import type { ChangedSet } from '../../proof/impact/egress.js';
import { changesCalls, complementOf, type Impact, impactDocument } from '../../proof/impact/impact.js';
import { subjectOf } from '../../routing/trace.js';
import { simulateCommand } from '../route/command-line.js';
import type { Painter } from './paint.js';
import { printable } from './printable.js';
import { valueColumn, type View } from './view.js';

/**
 * The view of an impact.
 * @param words flags that name the configuration of which its commands ask
 */
export const impactView = (words: readonly string[] = []): View<Impact> => ({
  columns: [],
  document: impactDocument,
  prose: async (impact, paint) => proseOf(impact, words, paint),
});

/** One of the ways in which calls fare otherwise. */
interface Change {
  /** Which calls. */
  readonly of: string;
  readonly before: string;
  readonly after: string;
  /** How many; absent where they have no end, or cannot be counted. */
  readonly calls?: number | undefined;
  /** The shortest of the dialled strings, where they are a set. */
  readonly shortest?: string;
  /** Commands that show some of them. */
  readonly simulate: string[];
}

/** A row for each change, as `changesIn` gives them. */
export const changesView: View<Change> = {
  columns: [
    valueColumn('of', ({ of }) => of),
    valueColumn('before', ({ before }) => before),
    valueColumn('after', ({ after }) => after),
    valueColumn('calls', ({ calls }) => calls),
    valueColumn('simulate', ({ simulate }) => simulate[0]),
  ],
  document: ({ calls = null, shortest = null, ...change }) => ({ ...change, calls, shortest }),
};

/** The changes of an impact, one by one, with commands that ask the configuration that these flags name. */
export const changesIn = (impact: Impact, words: readonly string[]): Change[] =>
  [
    ...impact.groups.map(groupChange),
    ...impact.sets.map(setChange),
    ...impact.addresses.map(addressChange),
    ...impact.authentication.map(authenticationChange),
  ].map(({ shown, ...change }) => ({
    ...change,
    simulate: shown.map((call) => simulateCommand(call, words)),
  }));

/** A change, and the calls that show it. */
type Shown = Omit<Change, 'simulate'> & { readonly shown: readonly CallDocument[] };

const groupChange = ({ before, after, count, examples }: Group): Shown => ({
  ...{ of: counted(count, 'call'), before, after, calls: count },
  shown: examples.map(callOf),
});

function setChange(set: ChangedSet): Shown {
  const { domain, agents, before, after, users, example } = set;
  const isAll = agents.count === agents.of;
  const who = isAll ? 'Agents' : `${agents.count} of ${agents.of} agents`;
  const such = isAll ? '' : `, such as ${example.from}`;
  const calls = Number.isFinite(users.size) ? users.size : undefined;
  const size = calls === undefined ? '' : ` (${counted(calls, 'string')})`;
  return {
    of: `${who} of ${subjectOf('Domain', domain)}${such}: ${stringsOf(set)}${size}`,
    ...{ before, after, calls, shortest: users.shortest()! },
    shown: [example],
  };
}

const placeText = ({ kind, ref, more }: GuardedPlace): string =>
  `${subjectOf(kind, ref)}${more === 0 ? '' : ` and ${more.toLocaleString('en')} more`}`;

/** Ranges that are named one by one. */
const RANGES = 8;

function addressChange({ guarded, admitted, ranges, example }: ChangedAddresses): Shown {
  const shown = ranges.slice(0, RANGES).map(rangeText).join(', ');
  const more = ranges.length > RANGES ? ` and ${counted(ranges.length - RANGES, 'more range')}` : '';
  const [refused, letIn] = ['refused 403 acl-denied', 'admitted'];
  return {
    of: `${placeText(guarded)}, calls from ${shown}${more}`,
    ...(admitted ? { before: refused, after: letIn } : { before: letIn, after: refused }),
    shown: example ? [{ ...example }] : [],
  };
}

const authenticationChange = ({ guarded, before, after, example }: ChangedAuthentication): Shown => ({
  of: `${placeText(guarded)}, calls without authentication`,
  ...{ before, after },
  shown: [{ ...example }],
});

/** The strings of a set by a pattern, or by the pattern of all others when that is shorter. */
function stringsOf(set: ChangedSet): string {
  const [pattern, others] = [set.users.pattern(), complementOf(set)];
  if (pattern === undefined && others === undefined) return 'strings that no short pattern describes';
  const isShort = pattern !== undefined && (others === undefined || pattern.length <= others.length);
  return isShort ? `strings that match ${pattern}` : `strings that do not match ${others}`;
}

const callOf = ({ dialled, from, headers }: Example): CallDocument => ({
  dialled,
  ...(from !== null && { from }),
  headers,
});

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

function proseOf(impact: Impact, words: readonly string[], paint: Painter): string {
  const sections = [
    ...changesIn(impact, words).map((change) => changeLines(change, paint)),
    impact.sampled.map(
      ({ domain, notAnalysable }) =>
        `${paint.caution('Not analysed:')} ${subjectOf('Domain', domain)}: ${printable(notAnalysable)}. Other strings than the examples may fare otherwise.`,
    ),
    [summaryOf(impact)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

const changeLines = (change: Change, paint: Painter): string[] => [
  paint.strong(printable(change.of)),
  `  ${paint.bad(`- ${printable(change.before)}`)}`,
  `  ${paint.good(`+ ${printable(change.after)}`)}`,
  ...(change.shortest === undefined ? [] : [`  shortest: ${printable(change.shortest)}`]),
  ...change.simulate.map((command) => `  ${printable(command)}`),
];

function summaryOf(impact: Impact): string {
  const changed = impact.groups.reduce((sum, { count }) => sum + count, 0);
  const all = impact.of === 'all';
  const calls = impact.calls.toLocaleString('en');
  const dialled = impact.sampled.length === 0 ? ' and all that can be dialled' : '';
  if (!changesCalls(impact))
    return `No call changes, of ${calls}${all ? ` that can be listed${dialled}` : ''}.`;
  if (changed === 0) return `Besides, no call changes of ${calls}${all ? ' that can be listed' : ''}.`;
  return `${counted(changed, 'call')} of ${calls}${all ? ' that can be listed' : ''} ${changed === 1 ? 'changes' : 'change'}.`;
}
