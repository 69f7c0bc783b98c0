/** Findings as SARIF 2.1.0 (OASIS), for tools that show results of static analysis. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Json } from '../../kinds/kind.js';
import type { Check } from '../../proof/lint/check.js';
import { placeText, type Finding, type Place } from '../../proof/lint/finding.js';
import type { Suppressed } from '../../proof/lint/suppressions.js';
import { sourceName } from '../input/source.js';
import type { Telling } from './findings.js';

export interface SarifRun extends Telling {
  /** The version of this program. */
  readonly version: string;
  readonly rules: readonly Pick<Check, 'code' | 'severity' | 'summary' | 'advice'>[];
  readonly results: readonly Suppressed[];
  /** The folder that the URIs of files are relative to, and their paths too. */
  readonly root: string;
}

type Members = { [key: string]: Json };

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The log of one run. Severities are SARIF's levels; suppressed findings are there, with their reason. */
export function sarifLog(run: SarifRun): Json {
  const { version, rules, results } = run;
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
          ...resultOf(run, finding, indexes.get(finding.code)!),
          ...(by && { suppressions: [{ kind: 'external', justification: by.reason }] }),
        })),
      },
    ],
  };
}

function resultOf(run: SarifRun, finding: Finding, ruleIndex: number): Members {
  const { code, severity, object, message, witness, related } = finding;
  const simulate = run.simulate(finding);
  const locationOf = (place: Place) => location(run, place);
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

/** Findings are about resources: those of a daemon have no lines, those of files have. */
function location({ places, root }: SarifRun, place: Place): Members {
  const at = places.of(place);
  const physical = at === undefined ? undefined : physicalLocation(at, root);
  return {
    ...(physical && { physicalLocation: physical }),
    logicalLocations: [{ name: place.ref, fullyQualifiedName: placeText(place), kind: 'resource' }],
  };
}

/** Of `file:line:column`; undefined for stdin, which nobody can open. */
function physicalLocation(place: string, root: string): Members | undefined {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/s.exec(place)!;
  if (file === sourceName('-')) return undefined;
  return {
    artifactLocation: { uri: uriOf(file!, root) },
    region: { startLine: Number(line), startColumn: Number(column) },
  };
}

/** Relative where the file is below the folder; elsewhere absolute, since readers refuse URIs with `..` in them. */
function uriOf(file: string, root: string): string {
  const path = resolve(root, file);
  const below = relative(root, path);
  const parts = below.split(sep);
  if (isAbsolute(below) || parts[0] === '..') return pathToFileURL(path).href;
  return parts.map(encodeURIComponent).join('/');
}
