/** Findings as SARIF 2.1.0 (OASIS), for tools that show results of static analysis. */
import type { Json } from '../../kinds/kind.js';
import type { Check } from '../../proof/lint/check.js';
import { placeText, type Finding, type Place } from '../../proof/lint/finding.js';
import type { Suppressed } from '../../proof/lint/suppressions.js';

export interface SarifRun {
  /** The version of this program. */
  readonly version: string;
  readonly rules: readonly Pick<Check, 'code' | 'severity' | 'summary' | 'advice'>[];
  readonly results: readonly Suppressed[];
  /** What to type to see the call of a finding decided. */
  simulate(finding: Finding): string | undefined;
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The log of one run. Severities are SARIF's levels; suppressed findings are there, with their reason. */
export function sarifLog({ version, rules, results, simulate }: SarifRun): Json {
  const indexes = new Map(rules.map(({ code }, i) => [code, i]));
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'connect-ctl',
            version,
            rules: rules.map(({ code, severity, summary, advice }) => ({
              id: code,
              shortDescription: { text: summary },
              help: { text: advice },
              defaultConfiguration: { level: severity },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: results.map(({ finding, by }) => ({
          ...resultOf(finding, indexes.get(finding.code)!, simulate(finding)),
          ...(by && { suppressions: [{ kind: 'external', justification: by.reason }] }),
        })),
      },
    ],
  };
}

function resultOf(
  finding: Finding,
  ruleIndex: number,
  simulate: string | undefined,
): { [key: string]: Json } {
  const { code, severity, object, message, witness, related } = finding;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: message },
    locations: [locationOf(object)],
    ...(related.length > 0 && { relatedLocations: related.map(locationOf) }),
    // The same finding of another run: its message may tell of other examples.
    partialFingerprints: { 'codeAndObject/v1': `${code} ${placeText(object)}` },
    ...(witness && { properties: { witness: witness as Json, ...(simulate && { simulate }) } }),
  };
}

/** Findings are about resources, which have no lines. */
function locationOf(place: Place): { [key: string]: Json } {
  const { kind, ref } = place;
  return {
    ...(kind === 'File' && { physicalLocation: { artifactLocation: { uri: encodeURI(ref) } } }),
    logicalLocations: [{ name: ref, fullyQualifiedName: placeText(place), kind: 'resource' }],
  };
}
