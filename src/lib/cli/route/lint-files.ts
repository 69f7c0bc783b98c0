/** The files beside a configuration that lint reads: the dial space, and suppressions. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Document, Fields } from '../../kinds/kind.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { checks } from '../../proof/lint/index.js';
import { rangeOf, type DialSpace, type Range } from '../../proof/lint/dial-space.js';
import { unusedSuppression, type Suppression } from '../../proof/lint/suppressions.js';
import { didYouMean } from '../../kinds/nearest.js';
import { readFields } from '../input/fields.js';
import { processSources } from '../input/source.js';
import type { Places } from './places.js';

/** Where suppressions are, if there are any: in the working directory. */
export const SUPPRESSIONS = '.ctl-lint.yaml';

const ranges = (summary: string) =>
  ({ type: 'list', of: { type: 'text', max: 40, summary: 'number, range or code' }, summary }) as const;

const dialSpaceFields = {
  owned: ranges('numbers of ours, which callers outside dial'),
  extensions: ranges('what agents dial to reach each other and our services'),
  emergency: ranges('what agents dial in an emergency'),
  short: ranges('other codes that agents dial'),
  domains: {
    type: 'list',
    of: { type: 'text', max: 255, summary: 'ref or name of a domain' },
    summary: 'domains whose agents dial these',
  },
} as const satisfies Fields;

/**
 * Reads the file of `--dial-space`.
 * @param places takes note of where its ranges stand
 * @throws CtlError usage, naming every problem with its place
 */
export async function readDialSpace(path: string, snapshot: Snapshot, places: Places): Promise<DialSpace> {
  const { doc, at, refuse } = await readFields(processSources, path, '--dial-space', dialSpaceFields);
  const problems: { path: string; message: string }[] = [];
  const read = (group: keyof typeof dialSpaceFields): Range[] =>
    textsOf(doc, group).flatMap((text, i) => {
      const range = rangeOf(text, `${group}[${i}]`);
      if (typeof range !== 'string') return [range];
      problems.push({ path: `${group}[${i}]`, message: range });
      return [];
    });
  const domains = textsOf(doc, 'domains').map((text, i) => {
    const [ref] = snapshot.catalog.find('Domain', text);
    if (ref === undefined)
      problems.push({
        path: `domains[${i}]`,
        message: `"${text}" names no domain: expected a ref or a name`,
      });
    return ref ?? '';
  });
  const space: DialSpace = {
    file: path === '-' ? 'stdin' : basename(path),
    owned: read('owned'),
    extensions: read('extensions'),
    emergency: read('emergency'),
    short: read('short'),
    domains: doc['domains'] === undefined ? undefined : domains,
  };
  refuse(problems);
  places.noteFile(space.file, at);
  return space;
}

const textsOf = (doc: Document, field: string): string[] => (doc[field] as string[] | undefined) ?? [];

const suppressionFields = {
  suppressions: {
    type: 'structs',
    entry: 'suppression',
    summary: 'findings to suppress',
    of: {
      code: { type: 'text', max: 60, summary: 'the code of the finding', required: true },
      object: { type: 'text', max: 500, summary: 'what it is about, such as acls/acl-01', required: true },
      reason: { type: 'text', max: 500, summary: 'why it may stay', required: true },
    },
  },
} as const satisfies Fields;

/**
 * Reads the suppressions of the working directory; none where there is no file, or nothing in it.
 * @param places takes note of where they stand
 * @throws CtlError usage, naming every problem with its place
 */
export async function readSuppressions(places: Places): Promise<readonly Suppression[]> {
  if (!existsSync(SUPPRESSIONS)) return [];
  const { doc, at, refuse } = await readFields(
    processSources,
    SUPPRESSIONS,
    SUPPRESSIONS,
    suppressionFields,
    {},
  );
  const entries = (doc['suppressions'] ?? []) as unknown as Omit<Suppression, 'path'>[];
  const codes = [...checks.map(({ code }) => code), unusedSuppression.code];
  refuse(
    entries.flatMap(({ code, reason }, i) => [
      ...(codes.includes(code)
        ? []
        : [
            {
              path: `suppressions[${i}].code`,
              message: `"${code}" is no code${didYouMean(code, codes) || ': see docs/lint.md'}`,
            },
          ]),
      ...(reason.trim() === ''
        ? [{ path: `suppressions[${i}].reason`, message: 'is empty: expected why the finding may stay' }]
        : []),
    ]),
  );
  places.noteFile(SUPPRESSIONS, at);
  return entries.map((entry, i) => ({ ...entry, path: `suppressions[${i}]` }));
}
