/** A routing test: a call and what is expected of its decision. */
import type { CallDocument } from '../engine.js';
import type { Expectation } from './expectation.js';

export interface Case {
  readonly name: string;
  /** The file it comes from, as errors call it. */
  readonly file: string;
  /** `file:line:column`. */
  readonly place: string;
  readonly call: CallDocument;
  readonly expectations: readonly Expectation[];
}
