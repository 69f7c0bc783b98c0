/** How the tests read files of past calls. */
import { inputOf, readerOf, type ReadingOptions } from '../../../src/lib/proof/replay/detect.js';
import { isBroken, type PastCall, type Replayed } from '../../../src/lib/proof/replay/past.js';

export interface Found {
  readonly replayed: readonly Replayed[];
  readonly passedOver: Readonly<Record<string, number>>;
  /** Of what is passed over. */
  readonly examples: readonly string[];
}

/** Everything in a file, read in chunks that end at these places. */
export function read(
  content: Uint8Array | string,
  {
    at = [],
    name = 'file',
    ...options
  }: Partial<ReadingOptions> & { at?: readonly number[]; name?: string } = {},
): Found {
  const whole = Buffer.from(content as string);
  const reader = readerOf(inputOf(whole), name, { mapping: new Map(), servers: [], ...options });
  const places = [0, ...[...at].sort((a, b) => a - b), whole.length];
  const replayed = places.slice(1).flatMap((end, i) => reader.push(whole.subarray(places[i], end)));
  replayed.push(...reader.end());
  return {
    replayed,
    passedOver: Object.fromEntries(reader.passedOver),
    examples: [...reader.passedOver.examples.values()],
  };
}

/** A line for each: the place, who calls whom and what became of it, or what is wrong. */
export const lines = ({ replayed, passedOver }: Found): string[] => [
  ...replayed.map((one) => (isBroken(one) ? `${one.place}: ${one.message}` : callLine(one))),
  ...Object.entries(passedOver).map(([what, count]) => `passed over: ${count} ${what}`),
];

function callLine({ place, call, recorded }: PastCall): string {
  const { from = 'anonymous', dialled, source } = call as { from?: string; dialled: string; source?: Source };
  const by = source ? ` by ${source.transport ?? '?'} ${source.ip}` : '';
  const told = Object.values(recorded).filter((value) => value !== undefined);
  return `${place}: ${from} → ${dialled}${by}${told.length > 0 ? ` [${told.join(' ')}]` : ''}`;
}

interface Source {
  readonly ip: string;
  readonly transport?: string;
}
