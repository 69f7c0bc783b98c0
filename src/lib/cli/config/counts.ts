/** How many resources a write touched, and how that is said. */
import { type Change, Change_Effect } from '../../api/generated/v1/ctl.js';

export interface Counts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
}

/** Counts changes by effect. */
export function countChanges(changes: readonly Change[]): Counts {
  const count = (effect: Change_Effect) => changes.filter((change) => change.effect === effect).length;
  return {
    created: count(Change_Effect.CREATED),
    updated: count(Change_Effect.UPDATED),
    deleted: count(Change_Effect.DELETED),
    unchanged: count(Change_Effect.UNCHANGED),
  };
}

/** `3 created, 1 updated, 0 deleted, 5 unchanged`. */
export const countsText = ({ created, updated, deleted, unchanged }: Counts): string =>
  `${created} created, ${updated} updated, ${deleted} deleted, ${unchanged} unchanged`;

/** Whether anything is not as it was. */
export const differs = ({ created, updated, deleted }: Counts): boolean => created + updated + deleted > 0;
