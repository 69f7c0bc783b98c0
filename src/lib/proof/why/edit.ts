/** Changes of a configuration, as `ctl <kinds> update` and `create` make them. */
import type { Json, KindName, Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Decision } from '../../routing/decision.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { subjectOf } from '../../routing/trace.js';
import type { Expectation } from '../suite/expectation.js';
import type { Named } from './trace.js';

/** One resource to write; the same shape as the operations of a write. */
export interface Edit {
  readonly action: 'create' | 'update';
  readonly kind: KindName;
  /** The ref. */
  readonly key: string;
  /** The fields to set. */
  readonly document?: { readonly [field: string]: Json };
  /** Fields to empty. */
  readonly clear?: readonly string[];
  /** Entries to add to lists, or to remove from them. */
  readonly edits?: readonly { readonly field: string; readonly entry: Json; readonly remove: boolean }[];
  /** The SIP route before which it goes. */
  readonly before?: string;
}

/** Makes the changes as a daemon would; undefined where it would refuse them. */
export type Configure = (snapshot: Snapshot, edits: readonly Edit[]) => Snapshot | undefined;

/** An edit that may help. */
export interface ConfigChange {
  readonly text: string;
  readonly size: number;
  readonly edit: Edit;
}

/** What changes are made from. */
export interface Asked {
  readonly snapshot: Snapshot;
  readonly decision: Decision;
  readonly expectations: readonly Expectation[];
}

/** A change of a resource. `text` says it in words, with `%` for the resource. */
export const change = (
  { kind, ref }: Named,
  text: string,
  size: number,
  edit: Omit<ConfigChange['edit'], 'action' | 'kind' | 'key'>,
): ConfigChange => ({
  text: text.replace('%', () => subjectOf(kind, ref)),
  size,
  edit: { action: 'update', kind, key: ref, ...edit },
});

/** Whether it takes part in routing. */
export const toggle = (resource: Named, enabled: boolean, size: number): ConfigChange => ({
  text: `${enabled ? 'enable' : 'disable'} ${subjectOf(resource.kind, resource.ref)}`,
  size,
  edit: { action: 'update', kind: resource.kind, key: resource.ref, document: { enabled } },
});

/** The trunk that carries a number. */
export const carry = (number: Named, trunkRef: string, size: number): ConfigChange =>
  change(number, `let ${trunkRef} carry %`, size, { document: { trunkRef } });

/** Where a number leads. */
export const link = (number: Resource<TelNumber>, aorLink: string, size: number): ConfigChange =>
  change(number, `link % to ${aorLink}`, size, { document: { aorLink } });
