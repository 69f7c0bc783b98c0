/** Results as TAP and as JUnit XML, with names and values that want to be more than text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateXML } from 'xmllint-wasm';
import { junitText } from '../../../../src/lib/cli/output/junit.js';
import { tapText } from '../../../../src/lib/cli/output/tap.js';
import { simulateCommand } from '../../../../src/lib/cli/route/command-line.js';
import { ROOT } from '../../../support/environment.js';
import { snapshotOf } from '../../../support/catalog.js';
import { seed } from '../../routing/seed.js';
import { resultsOf } from './support.js';

const schema = readFileSync(join(ROOT, 'test', 'fixtures', 'junit.xsd'), 'utf8');
const command = (call: Parameters<typeof simulateCommand>[0]) => simulateCommand(call);

const results = async () => [
  ...(await resultsOf(snapshotOf(seed), [
    { name: 'passes & "quotes" <b>', call: { dialled: '1000' }, expect: { profile: 'main' } },
    {
      name: 'fails # todo\n\u001b[31m',
      call: { dialled: '1000' },
      expect: { profile: '/]]>&<\u0001/', reason: 'x' },
    },
    { name: 'errs', call: { dialled: '1000', from: 'nobody' }, expect: { profile: 'main' } },
  ])),
];

test('JUnit XML is valid, whatever stands in it', async () => {
  const contents = junitText(await results(), command, Date.UTC(2026, 0, 2, 3, 4, 5), 1.5);
  const { valid, errors } = await validateXML({ xml: [{ fileName: 'results.xml', contents }], schema });
  expect({ valid, errors }).toEqual({ valid: true, errors: [] });
  expect(contents).toContain('tests="3" failures="1" errors="1" time="1.500"');
  expect(contents).toContain('name="passes &amp; &quot;quotes&quot; &lt;b&gt;"');
});

test('a schema that takes anything would be no test', async () => {
  const contents = junitText(await results(), command, 0, 0).replace(' hostname="localhost"', '');
  const { valid } = await validateXML({ xml: [{ fileName: 'results.xml', contents }], schema });
  expect(valid).toBe(false);
});

test('TAP', async () => {
  expect(tapText(await results(), command, ['Coverage: 1 of 2 items, 50 %\n  more'])).toBe(
    [
      'TAP version 14',
      '1..3',
      'ok 1 - passes & "quotes" <b>',
      'not ok 2 - fails \\# todo\\\\n\\\\x1b[31m',
      '  ---',
      '  at: ""',
      '  stage: "profile"',
      '  message: "profile: expected /]]>&<\\u0001/, actual main\\nreason: expected x, actual none\\ndecided at profile: sip-routes/route-01 match called-equal (\\"1000\\", \\"1000\\")"',
      '  command: "ctl route simulate 1000"',
      '  ...',
      'not ok 3 - errs',
      '  ---',
      '  at: ""',
      '  stage: "call"',
      '  message: "cannot be decided: no agent or peer is \\"nobody\\"\\nSee \\"ctl agents list\\" and \\"ctl peers list\\"."',
      '  command: "ctl route simulate 1000 --from nobody"',
      '  ...',
      '# Coverage: 1 of 2 items, 50 %',
      '#   more',
      '',
    ].join('\n'),
  );
});

test('the command that asks again shows no secret', () => {
  const call = {
    dialled: 'a b',
    from: "o'hara",
    displayName: 'Ann "A"',
    source: { ip: '2001:db8::1', port: 5060, transport: 'TLS' },
    headers: [
      { name: 'X-Connect-Token', value: 'secret-1' },
      { name: 'X-Note', value: 'a b' },
    ],
    connectToken: 'secret.2',
    password: 'secret-3',
    registered: 'none',
    down: [{ kind: 'Trunk', ref: 'trunk-01' }],
  };
  expect(simulateCommand(call, ['--config', 'a dir'])).toBe(
    "ctl route simulate 'a b' --from '\"Ann \\\"A\\\"\" <o'\\''hara>' --source-ip '[2001:db8::1]:5060' --transport TLS --connect-token-file TOKEN-FILE --header 'X-Note: a b' --connect-token-file TOKEN-FILE --password-file PASSWORD-FILE --registered none --down trunks/trunk-01 --config 'a dir'",
  );
});
