/** Findings that somebody has decided to live with, each with a reason (`.ctl-lint.yaml`). */
import { placeText, type Finding } from './finding.js';

export interface Suppression {
  readonly code: string;
  /** As findings name it: `domains/sip.local egressPolicies[0]`; without a path all of the resource; `*` for any part. */
  readonly object: string;
  readonly reason: string;
  /** Where the file has it: `suppressions[0]`. */
  readonly path: string;
}

export interface Suppressed {
  readonly finding: Finding;
  /** The first suppression that fits; undefined for a finding that stands. */
  readonly by: Suppression | undefined;
}

export const unusedSuppression = {
  code: 'suppression-unused',
  severity: 'warning',
  summary: 'a suppression that suppresses nothing',
  advice: 'What it was for is gone. Remove it from .ctl-lint.yaml, so that it hides nothing later.',
} as const;

/** Goes through findings, then tells of the suppressions that were for none. */
export function* suppress(
  findings: Iterable<Finding>,
  suppressions: readonly Suppression[],
  file: string,
): Generator<Suppressed> {
  const unused = new Set(suppressions);
  for (const finding of findings) {
    const by = suppressions.find((suppression) => fits(suppression, finding));
    if (by) unused.delete(by);
    yield { finding, by };
  }
  for (const { code, object, path } of unused)
    yield {
      finding: {
        code: unusedSuppression.code,
        severity: unusedSuppression.severity,
        object: { kind: 'File', ref: file, path },
        message: `No finding ${code} of ${object} is left to suppress.`,
        witness: null,
        related: [],
      },
      by: undefined,
    };
}

function fits({ code, object }: Suppression, finding: Finding): boolean {
  if (code !== finding.code) return false;
  const texts = [placeText(finding.object), placeText({ ...finding.object, path: null })];
  const pattern = object.split('*').map((part) => part.replace(/[^\w]/g, '\\$&'));
  return texts.some((text) => new RegExp(`^${pattern.join('.*')}$`, 's').test(text));
}
