import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { collectInputs } from '../../../src/lib/cli/input/files.js';
import { type Writable, writeRoutr } from '../../../src/lib/config/files/write.js';
import { kinds } from '../../../src/lib/kinds/index.js';
import type { Document } from '../../../src/lib/kinds/kind.js';
import { validate } from '../../../src/lib/kinds/validate.js';
import { resources } from './arbitrary.js';
import { complete, kindNamed, readText, readFiles } from './support.js';
import { cases, fc } from '../../support/property.js';

const FOLDER = join(import.meta.dirname, '../../fixtures/routr');
const read = (text: string) => readText(text, 'routr.yaml');

/** A document as Routr can have it. */
function carried({ kind, doc }: Writable): Document {
  const { extended: _, ...rest } = doc;
  if (rest['maxContacts'] === 0) rest['maxContacts'] = -1;
  if (kind.name !== 'AccessControlList') return rest;
  const old = (list: unknown) => (list as string[]).filter((entry) => !entry.includes(':'));
  const [allow, deny] = [old(rest['allow']), old(rest['deny'])];
  if ((rest['allow'] as string[]).length > 0 && allow.length === 0)
    return { ...rest, allow, deny: ['0.0.0.0/0'] };
  return allow.length + deny.length === 0
    ? { ...rest, allow: ['0.0.0.0/0'], deny }
    : { ...rest, allow, deny };
}

describe("writing Routr's documents", () => {
  test('reading gives back what they carry', async () => {
    await fc.assert(
      fc.asyncProperty(resources(kinds.filter(({ connect }) => connect)), async (all) => {
        const { text, notes } = writeRoutr(all, { reveal: true });
        const { documents, problems } = await read(text);
        expect(problems).toEqual([]);
        const found = documents.map(({ kind, ref, doc }) => [kind.name, ref, validate(kind, doc).doc]);
        const wanted = all.map((one) => [one.kind.name, one.ref, carried(one)]);
        expect(found).toHaveLength(wanted.length);
        expect(found).toEqual(expect.arrayContaining(wanted));
        const lossy = all.some((one) => JSON.stringify(carried(one)) !== JSON.stringify(one.doc));
        if (lossy) expect(notes).not.toEqual([]);
      }),
      cases(150),
    );
  });

  test('the fixture comes back as it was', async () => {
    const all = complete(await readFiles(await collectInputs([FOLDER])));
    const { text } = writeRoutr(all, { reveal: true });
    const again = await read(text);
    const byRef = (some: readonly Writable[]) =>
      Object.fromEntries(some.map(({ kind, ref, doc }) => [`${kind.name}/${ref}`, doc]));
    expect(byRef(complete(again))).toEqual(byRef(all));
    expect(writeRoutr(all.toReversed(), { reveal: true }).text).toBe(text);
  });

  test('looks like this, and says what is lost', () => {
    const { text, notes } = writeRoutr([
      {
        kind: kindNamed('Domain'),
        ref: 'x',
        doc: {
          name: 'Local Domain',
          domainUri: 'sip.local',
          accessControlListRef: 'acl-01',
          egressPolicies: [{ rule: '.*', numberRef: 'number-01' }],
          extended: { a: 1 },
        },
      },
      {
        kind: kindNamed('Peer'),
        ref: 'x',
        doc: {
          name: 'Asterisk',
          username: 'ast',
          aor: 'sip:asterisk@default',
          contactAddr: 'a-long-name.pbx.example.com',
          balancingAlgorithm: 'ROUND_ROBIN',
          withSessionAffinity: false,
          accessControlListRef: 'acl-01',
          enabled: true,
          maxContacts: 0,
          expires: 0,
        },
      },
      {
        kind: kindNamed('Credentials'),
        ref: 'c',
        doc: { name: 'c', username: '1001', password: 'changeit' },
      },
      { kind: kindNamed('AccessControlList'), ref: 'v6', doc: { name: 'v6', allow: ['::1'], deny: [] } },
      { kind: kindNamed('Persona'), ref: 'p', doc: { name: 'p', instructions: 'x' } },
    ]);
    expect(text).toBe(`- apiVersion: v2beta1
  kind: AccessControlList
  ref: v6
  metadata:
    name: v6
  spec:
    accessControlList:
      deny:
        - "0.0.0.0/0"
- apiVersion: v2beta1
  kind: Credentials
  ref: c
  metadata:
    name: c
  spec:
    credentials:
      username: "1001"
- apiVersion: v2beta1
  kind: Domain
  ref: x
  metadata:
    name: Local Domain
  spec:
    accessControlListRef: acl-01
    context:
      domainUri: sip.local
      egressPolicies:
        - rule: ".*"
          numberRef: number-01
- apiVersion: v2beta1
  kind: Peer
  ref: x
  metadata:
    name: Asterisk
  spec:
    username: ast
    aor: sip:asterisk@default
    contactAddr: a-long-name.pbx.example.com
    loadBalancing:
      algorithm: round-robin
      withSessionAffinity: false
    accessControlListRef: acl-01
    enabled: true
    maxContacts: 0
    expires: 0
`);
    expect(notes).toEqual([
      'its IPv6 entries are left out, since Routr has none: acls/v6',
      'the password is left out, and Routr asks for it: credentials/c',
      'extended is not written, since Routr has no place for it: domains/x',
      'refs that two kinds have, which Routr refuses: domains/x and peers/x',
      'maxContacts 0, which Routr reads as no limit: peers/x',
      'accessControlListRef is written, but Routr does not read it: the peer is open there: peers/x',
      'username is not of 4-60 characters, which Routr refuses: peers/x',
      'contactAddr is not of 7-20 characters, which Routr refuses: peers/x',
      'not written, since Routr has no such kind: personas/p',
    ]);
  });
});
