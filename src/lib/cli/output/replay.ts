/** How a replay looks: groups of calls that fare alike, or the calls themselves. */
import type { Json } from '../../kinds/kind.js';
import { type Example, type Group, partiesOf, type Replay } from '../../proof/replay/report.js';
import { headerOf } from '../names.js';
import type { Column, View } from './view.js';

const column = <Item>(
  name: string,
  value: (item: Item) => Json,
  shown: Column<Item>['shown'] = 'always',
  texts = (item: Item): readonly string[] => [String(value(item) ?? '')],
): Column<Item> => ({ name, header: headerOf(name), shown, value, texts });

const exampleText = ({ place, from, dialled, message }: Example): string => {
  const call = dialled === null ? '' : ` ${from ?? 'anonymous'} → ${dialled}`;
  return `${place}${call}${message === null ? '' : `: ${message}`}`;
};

const asDocument = <Item extends object>(item: Item): Json => ({ ...item }) as Json;

export const groupView: View<Group> = {
  columns: [
    column('change', ({ change }) => change),
    column('before', ({ before }) => before),
    column('after', ({ after }) => after),
    column('calls', ({ calls }) => calls),
    column(
      'examples',
      ({ examples }) => examples.map(asDocument),
      'always',
      ({ examples }) => examples.slice(0, 1).map(exampleText),
    ),
  ],
  document: asDocument,
};

export const replayView: View<Replay> = {
  columns: [
    column('place', ({ past }) => past.place),
    column('from', ({ past }) => partiesOf(past.call).from),
    column('dialled', ({ past }) => partiesOf(past.call).dialled),
    column('change', ({ change }) => change),
    column('before', ({ before }) => before),
    column('after', ({ after }) => after),
  ],
  document: ({ past, change, before, after }) => ({
    place: past.place,
    ...partiesOf(past.call),
    change,
    before,
    after,
  }),
};
