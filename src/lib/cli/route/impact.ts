/** What a change does to calls, found and shown: `ctl route diff`, and --impact where something would change. */
import type { Catalog } from '../../kinds/catalog.js';
import { kindOf } from '../../kinds/index.js';
import {
  changesCalls,
  complementOf,
  type Impact,
  impactDocument,
  impactOf,
} from '../../proof/impact/impact.js';
import { transition } from '../../proof/impact/rebase.js';
import type { Example, Group } from '../../proof/impact/compare.js';
import { rangeText } from '../../proof/addresses.js';
import type { ChangedAddresses } from '../../proof/impact/addresses.js';
import type { ChangedSet } from '../../proof/impact/egress.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { subjectOf } from '../../routing/trace.js';
import type { Painter } from '../output/paint.js';
import { printable } from '../output/printable.js';
import type { View } from '../output/view.js';
import type { Terminal } from '../terminal.js';
import { simulateCommand } from './command-line.js';
import type { Subject } from './subject.js';

export { changesCalls };

/** Between turns of the spinner, and of Ctrl-C. */
const TURN_MS = 50;

/** Compares two configurations in this process. @throws CtlError when one of them cannot be had */
export async function findImpact(terminal: Terminal, before: Subject, after: Subject): Promise<Impact> {
  const old = await before.snapshot();
  return impactBetween(terminal, old, (await after.snapshot()).catalog);
}

/** Compares two configurations that are here. */
export function impactBetween(terminal: Terminal, old: Snapshot, now: Catalog): Promise<Impact> {
  return terminal.progress('Comparing calls', async (say) => {
    const steps = impactOf(transition(old, now));
    let began = performance.now();
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (performance.now() - began < TURN_MS) continue;
      say(`Comparing calls: ${Math.floor(value * 100)} %`);
      await new Promise((resolve) => setImmediate(resolve));
      began = performance.now();
    }
  });
}

export const impactView: View<Impact> = {
  columns: [
    {
      name: 'before',
      header: 'BEFORE',
      shown: 'always',
      value: ({ groups }) => groups.map(({ before }) => before),
      texts: ({ groups }) => groups.map(({ before }) => before),
    },
    {
      name: 'after',
      header: 'AFTER',
      shown: 'always',
      value: ({ groups }) => groups.map(({ after }) => after),
      texts: ({ groups }) => groups.map(({ after }) => after),
    },
    {
      name: 'calls',
      header: 'CALLS',
      shown: 'always',
      value: ({ groups }) => groups.map(({ count }) => count),
      texts: ({ groups }) => groups.map(({ count }) => String(count)),
    },
  ],
  document: impactDocument,
  prose: async (impact, paint) => proseOf(impact, paint),
};

function proseOf(impact: Impact, paint: Painter): string {
  const { groups, sets, addresses, sampled } = impact;
  const sections = [
    ...groups.map((group) => groupLines(group, paint)),
    ...sets.map((set) => setLines(set, paint)),
    ...addresses.map((one) => addressLines(one, paint)),
    sampled.map(
      ({ domain, notAnalysable }) =>
        `${paint.caution('Not analysed:')} ${kindOf('Domain').topic}/${domain}: ${printable(notAnalysable)}. Other strings than the examples may fare otherwise.`,
    ),
    [summaryOf(impact)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

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

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

const outcomes = (before: string, after: string, paint: Painter): string[] => [
  `  ${paint.bad(`- ${printable(before)}`)}`,
  `  ${paint.good(`+ ${printable(after)}`)}`,
];

const groupLines = ({ before, after, count, examples }: Group, paint: Painter): string[] => [
  paint.strong(counted(count, 'call')),
  ...outcomes(before, after, paint),
  ...examples.map((example) => `  ${commandOf(example)}`),
];

function setLines(set: ChangedSet, paint: Painter): string[] {
  const { domain, before, after, users, example } = set;
  const size = Number.isFinite(users.size) ? ` (${counted(users.size, 'string')})` : '';
  return [
    paint.strong(`Agents of ${kindOf('Domain').topic}/${domain}: ${printable(stringsOf(set))}${size}`),
    ...outcomes(before, after, paint),
    `  shortest: ${printable(users.shortest()!)}`,
    `  ${commandOf({ ...example, headers: [] })}`,
  ];
}

/** Ranges that are named one by one. */
const RANGES = 8;

function addressLines({ guarded, admitted, ranges, example }: ChangedAddresses, paint: Painter): string[] {
  const shown = ranges.slice(0, RANGES).map(rangeText).join(', ');
  const more = ranges.length > RANGES ? ` and ${counted(ranges.length - RANGES, 'more range')}` : '';
  const [before, after] = ['refused 403 acl-denied', 'admitted'];
  return [
    paint.strong(`${subjectOf(guarded.kind, guarded.ref)}, calls from ${shown}${more}`),
    ...(admitted ? outcomes(before!, after!, paint) : outcomes(after!, before!, paint)),
    ...(example ? [`  ${printable(simulateCommand({ ...example }))}`] : []),
  ];
}

/** The strings of a set by a pattern, or by the pattern of all others when that is shorter. */
function stringsOf(set: ChangedSet): string {
  const [pattern, others] = [set.users.pattern(), complementOf(set)];
  if (pattern === undefined && others === undefined) return 'strings that no short pattern describes';
  const isShort = pattern !== undefined && (others === undefined || pattern.length <= others.length);
  return isShort ? `strings that match ${pattern}` : `strings that do not match ${others}`;
}

/** The call as a command that shows it. */
const commandOf = ({ dialled, from, headers }: Example): string =>
  printable(simulateCommand({ dialled, ...(from !== null && { from }), headers }));
