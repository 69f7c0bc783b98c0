/** What lint says. */
import type { KindName } from '../../kinds/kind.js';
import { subjectOf } from '../../routing/trace.js';
import type { CallDocument } from '../engine.js';

/** Worst first. */
export const severities = ['error', 'warning', 'note'] as const;
export type Severity = (typeof severities)[number];

/** A resource or a part of it, or a part of a file that lint was given. */
export interface Place {
  readonly kind: KindName | 'File';
  /** The ref; for a file its name. */
  readonly ref: string;
  /** As in `egressPolicies[0].rule`; null for the whole. */
  readonly path: string | null;
}

/** What a check finds. */
export interface Found {
  readonly object: Place;
  readonly message: string;
  /** A call that shows it, as `ctl route simulate` takes it; absent where no call does. */
  readonly witness?: CallDocument | undefined;
  readonly related?: readonly Place[] | undefined;
}

/** A finding: what was found, and by which check. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly object: Place;
  readonly message: string;
  readonly witness: CallDocument | null;
  readonly related: readonly Place[];
}

/** The place of a resource, or of a part of it. */
export const placeOf = (
  { kind, ref }: { readonly kind: KindName; readonly ref: string },
  path: string | null = null,
): Place => ({ kind, ref, path });

/** `domains/sip.local egressPolicies[0]`: how messages and suppressions name a place. */
export function placeText({ kind, ref, path }: Place): string {
  const subject = kind === 'File' ? ref : subjectOf(kind, ref);
  return path === null ? subject : `${subject} ${path}`;
}

/** `a, b and c`; of many the first ones and how many more there are. */
export function listText(texts: readonly string[], most = 5, word = 'and'): string {
  const shown = texts.length > most ? [...texts.slice(0, most), `${texts.length - most} more`] : texts;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${word} ${shown.at(-1)}`;
}
