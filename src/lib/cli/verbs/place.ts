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
