/** How a replay looks: groups of calls that fare alike, or the calls themselves. */
import type { Json } from '../../kinds/kind.js';
import { type Example, type Group, partiesOf, type Replay } from '../../proof/replay/report.js';
import { valueColumn, type View } from './view.js';

const exampleText = ({ place, from, dialled, message }: Example): string => {
  const call = dialled === null ? '' : ` ${from ?? 'anonymous'} → ${dialled}`;
  return `${place}${call}${message === null ? '' : `: ${message}`}`;
};

const asDocument = <Item extends object>(item: Item): Json => ({ ...item }) as Json;

export const groupView: View<Group> = {
  columns: [
    valueColumn('change', ({ change }) => change),
    valueColumn('before', ({ before }) => before),
    valueColumn('after', ({ after }) => after),
    valueColumn('calls', ({ calls }) => calls),
    valueColumn('examples', ({ examples }) => examples.map(asDocument), {
      texts: ({ examples }) => examples.slice(0, 1).map(exampleText),
    }),
  ],
  document: asDocument,
};

export const replayView: View<Replay> = {
  columns: [
    valueColumn('place', ({ past }) => past.place),
    valueColumn('from', ({ past }) => partiesOf(past.call).from),
    valueColumn('dialled', ({ past }) => partiesOf(past.call).dialled),
    valueColumn('change', ({ change }) => change),
    valueColumn('before', ({ before }) => before),
    valueColumn('after', ({ after }) => after),
  ],
  document: ({ past, change, before, after }) => ({
    place: past.place,
    ...partiesOf(past.call),
    change,
    before,
    after,
  }),
};
