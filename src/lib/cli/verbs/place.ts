import { Flags } from '@oclif/core';
import type { Kind } from '../../kinds/kind.js';

/** Flags that give a resource its place in the declared order. */
export const placeFlags = (kind: Kind) => ({
  before: Flags.string({
    summary: `place it before this ${kind.noun}`,
    helpValue: '<ref>',
    exclusive: ['after'],
  }),
  after: Flags.string({ summary: `place it after this ${kind.noun}`, helpValue: '<ref>' }),
});

/** The flag of `placeFlags` that a field of an operation comes from. */
export const placeFlagOf = (field: string): string | undefined =>
  field === 'before' || field === 'after' ? `--${field}` : undefined;
