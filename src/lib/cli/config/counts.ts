/** How many resources a write touched, and how that is said. */
import { type Change, Change_Effect } from '../../api/generated/v1/ctl.js';

export interface Counts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
}

/** Counts changes as they come, and keeps those that do something, unless told not to. */
export class Tally {
  readonly changes: Change[] = [];
  private readonly effects = new Map<Change_Effect, number>();

  constructor(private readonly keep = true) {}

  add(changes: readonly Change[]): void {
    for (const change of changes) {
      this.effects.set(change.effect, this.of(change.effect) + 1);
      if (this.keep && change.effect !== Change_Effect.UNCHANGED) this.changes.push(change);
    }
  }

  get counts(): Counts {
    return {
      created: this.of(Change_Effect.CREATED),
      updated: this.of(Change_Effect.UPDATED),
      deleted: this.of(Change_Effect.DELETED),
      unchanged: this.of(Change_Effect.UNCHANGED),
    };
  }

  private of(effect: Change_Effect): number {
    return this.effects.get(effect) ?? 0;
  }
}

/** A tally of changes that are all there. */
export function tallyOf(changes: readonly Change[]): Tally {
  const tally = new Tally();
  tally.add(changes);
  return tally;
}

/** `3 created, 1 updated, 0 deleted, 5 unchanged`. */
export const countsText = ({ created, updated, deleted, unchanged }: Counts): string =>
  `${created} created, ${updated} updated, ${deleted} deleted, ${unchanged} unchanged`;

/** Whether anything is not as it was. */
export const differs = ({ created, updated, deleted }: Counts): boolean => created + updated + deleted > 0;
