/** How many resources a write touched, and how that is said. */
import { type Change, Change_Effect, type WriteResult } from '../../api/generated/v1/ctl.js';

export type Counts = Readonly<Pick<WriteResult, 'created' | 'updated' | 'deleted' | 'unchanged'>>;

/** Counts changes that are all there. */
export function countsOf(changes: readonly Change[]): Counts {
  const of = (wanted: Change_Effect) => changes.filter(({ effect }) => effect === wanted).length;
  return {
    created: of(Change_Effect.CREATED),
    updated: of(Change_Effect.UPDATED),
    deleted: of(Change_Effect.DELETED),
    unchanged: of(Change_Effect.UNCHANGED),
  };
}

/** `3 created, 1 updated, 0 deleted, 5 unchanged`. */
export const countsText = ({ created, updated, deleted, unchanged }: Counts): string =>
  `${created} created, ${updated} updated, ${deleted} deleted, ${unchanged} unchanged`;

/** Whether anything is not as it was. */
export const differs = ({ created, updated, deleted }: Counts): boolean => created + updated + deleted > 0;
