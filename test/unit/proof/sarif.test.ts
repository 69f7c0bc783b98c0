/** SARIF is what its schema says (OASIS, 2.1.0). */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Places } from '../../../src/lib/cli/route/places.js';
import { sarifLog } from '../../../src/lib/cli/output/sarif.js';
import { checks, lint } from '../../../src/lib/proof/lint/index.js';
import { suppress, unusedSuppression } from '../../../src/lib/proof/lint/suppressions.js';
import { snapshotOf } from '../../support/catalog.js';
import { seed } from '../routing/seed.js';

/** The schema as Microsoft publishes it with @microsoft/jest-sarif; its draft differs in two keywords only. */
const {
  $schema: _draft,
  id: _id,
  ...schema
} = JSON.parse(readFileSync('test/fixtures/sarif-2.1.0-rtm.5.json', 'utf8')) as Record<string, unknown>;
const isSarif = new Ajv({
  strict: false,
  validateFormats: false,
  unicodeRegExp: false,
  allErrors: true,
}).compile(schema);

const suppression = { code: 'called-twice', object: '*', reason: 'on purpose', path: 'suppressions[0]' };
const unused = { ...suppression, code: 'unused', path: 'suppressions[1]' };

const log = sarifLog({
  version: '1.2.3',
  rules: [...checks, unusedSuppression],
  results: [
    ...suppress(lint(snapshotOf(seed), { singlePoints: true }), [suppression, unused], '.ctl-lint.yaml'),
  ],
  root: '/work',
  places: new Places(),
  simulate: ({ witness }) => (witness ? 'ctl route simulate' : undefined),
});

test('the log is valid', () => {
  isSarif(log);
  expect(isSarif.errors ?? []).toEqual([]);
});

test('the schema refuses what is none', () => {
  expect(isSarif({ ...(log as object), version: '2.0.0' })).toBe(false);
  expect(isSarif({ ...(log as object), extra: true })).toBe(false);
});

test('results name their rule, their place, and why they are suppressed', () => {
  const [{ tool, results }] = (log as unknown as { runs: [Run] }).runs;
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
  const found = results.map(({ ruleId, level, locations, suppressions }) => [
    ruleId,
    level,
    locations[0]!.logicalLocations[0]!.fullyQualifiedName,
    suppressions?.[0]!.justification,
  ]);
  expect(found).toContainEqual(['number-link-unknown', 'error', 'numbers/number-01 aorLink', undefined]);
  expect(found).toContainEqual(['called-twice', 'warning', 'sip-routes/route-03 called[1]', 'on purpose']);
  expect(found).toContainEqual([
    'suppression-unused',
    'warning',
    '.ctl-lint.yaml suppressions[1]',
    undefined,
  ]);
});

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly locations: readonly {
      readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[];
    }[];
    readonly suppressions?: readonly { readonly justification: string }[];
  }[];
}
