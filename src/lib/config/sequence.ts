/** The order of a plan's changes. */
import { kinds } from '../kinds/index.js';
import type { KindName } from '../kinds/kind.js';
import type { Change } from './operation.js';

const rank = new Map<KindName, number>(kinds.map(({ name }, i) => [name, i]));

/**
 * Orders changes so that no reference dangles after any of them: what is written by kind, those referred to
 * first, then what is deleted, those that refer first. Changes of one kind stay in their order.
 */
export const inSequence = (changes: readonly Change[]): Change[] =>
  [...changes].sort((a, b) => placeOf(a) - placeOf(b));

const placeOf = ({ before, after }: Change): number =>
  after ? rank.get(after.kind)! : 2 * kinds.length - rank.get(before!.kind)!;
