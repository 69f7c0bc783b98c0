import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { CtlError } from '../../src/lib/errors.js';
import type { Kind } from '../../src/lib/kinds/kind.js';
import { sipRoute } from '../../src/lib/kinds/sip-route.js';
import { formatNames, printerFor, type PrintOptions } from '../../src/lib/cli/output/index.js';
import { recordView } from '../../src/lib/cli/output/record.js';
import { resourceView, type Row } from '../../src/lib/cli/output/resource.js';
import { OutputClosed } from '../../src/lib/cli/terminal.js';
import { aclRow, agentRow, credentialsRow, domainRow, routeRow } from '../support/rows.js';
import { memoryTerminal } from '../support/terminal.js';

interface Where {
  /** Columns of the terminal; absent: a pipe. */
  width?: number;
  color?: boolean;
}

const terminalFor = ({ width, color = false }: Where) =>
  memoryTerminal({ ...(width !== undefined && { width }), ...(!color && { noColor: true }) });

async function list(rows: readonly Row[], options: PrintOptions & Where = {}): Promise<string> {
  const { terminal, stdout } = terminalFor(options);
  await printerFor(terminal.out, resourceView(rows[0]!.kind), options).list(rows);
  return stdout.text;
}

async function one(row: Row, options: PrintOptions & Where & { reveal?: boolean } = {}): Promise<string> {
  const { terminal, stdout } = terminalFor(options);
  await printerFor(terminal.out, resourceView(row.kind, { reveal: options.reveal ?? false }), options).one(
    row,
  );
  return stdout.text;
}

const LONG = agentRow('0d3b0f5e-2f3c-4b8e-9f58-1b9a8cde1111', {
  name: 'José 日本 with a name that goes on and on',
});
const HOSTILE = agentRow('agent-66', { name: 'a\u001b[2J\tb\nc\u202e' });

describe('tables', () => {
  test('a pipe gets tab-separated full values, references by what they are called', async () => {
    expect(await list([agentRow('agent-01'), LONG])).toBe(
      'REF\tNAME\tUSERNAME\tDOMAIN\tCREDENTIALS\tPRIVACY\tENABLED\n' +
        'agent-01\tJohn Doe\t1001\tsip.local\tcredentials-01\tNONE\ttrue\n' +
        `${LONG.ref}\t${String(LONG.doc['name'])}\t1001\tsip.local\tcredentials-01\tNONE\ttrue\n`,
    );
  });

  test('--no-headers, --fields', async () => {
    expect(await list([agentRow('agent-01')], { headers: false, fields: 'domain, REF,maxContacts' })).toBe(
      'sip.local\tagent-01\t-1\n',
    );
  });

  test('a terminal gets boxes that fit, with an ellipsis where they do not', async () => {
    expect(await list([agentRow('agent-01'), LONG], { width: 120 })).toBe(
      `┌──────────────────────────────────────┬───────────────────┬──────────┬───────────┬────────────────┬─────────┬─────────┐
│ REF                                  │ NAME              │ USERNAME │ DOMAIN    │ CREDENTIALS    │ PRIVACY │ ENABLED │
├──────────────────────────────────────┼───────────────────┼──────────┼───────────┼────────────────┼─────────┼─────────┤
│ agent-01                             │ John Doe          │ 1001     │ sip.local │ credentials-01 │ NONE    │ true    │
│ 0d3b0f5e-2f3c-4b8e-9f58-1b9a8cde1111 │ José 日本 with a… │ 1001     │ sip.local │ credentials-01 │ NONE    │ true    │
└──────────────────────────────────────┴───────────────────┴──────────┴───────────┴────────────────┴─────────┴─────────┘
`,
    );
  });

  test('refs give way only after everything else has', async () => {
    const text = await list([LONG], { width: 80 });
    expect(text).toContain('│ 0d3b0f5e-2f… │ José 日… │');
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  test('-o table draws boxes into a pipe too, and cuts nothing there', async () => {
    const text = await list([LONG], { format: 'table' });
    expect(text).toContain('┌');
    expect(text).toContain(String(LONG.doc['name']));
  });

  test('wide shows every field, uncut', async () => {
    const text = await list([LONG], { format: 'wide', width: 80 });
    expect(text).toContain('MAX CONTACTS');
    expect(text).toContain('2026-11-21T10:00:00.000Z');
    expect(text).toContain(String(LONG.doc['name']));
    expect((await list([LONG], { format: 'wide' })).split('\n')[0]).toBe(
      'REF\tNAME\tUSERNAME\tDOMAIN\tCREDENTIALS\tPRIVACY\tENABLED\tMAX CONTACTS\tEXPIRES\tEXTENDED\tCREATED AT\tUPDATED AT\tREVISION',
    );
  });

  test('kinds with a declared order show the place first', async () => {
    expect(await list([routeRow])).toBe(
      '#\tREF\tNAME\tCALLED\tPROFILE\tACL\tENABLED\n2\tconcierge\tconcierge\t1000, concierge\tmain\t\ttrue\n',
    );
  });

  test('one resource on a terminal is a table of fields, an entry of a list per line', async () => {
    expect(await one(domainRow, { width: 60 })).toBe(
      `┌─────────────────┬───────────────────────────────┐
│ REF             │ domain-01                     │
│ NAME            │ Local Domain                  │
│ DOMAIN URI      │ sip.local                     │
│ ACL             │                               │
│ EGRESS POLICIES │ rule=^\\+1,number=+19103434434 │
│                 │ rule=.*,number=number-02      │
│ EXTENDED        │                               │
│ CREATED AT      │ 2026-11-21T10:00:00.000Z      │
│ UPDATED AT      │ 2026-11-21T10:00:01.000Z      │
│ REVISION        │ 7                             │
└─────────────────┴───────────────────────────────┘
`,
    );
  });

  test('long values of one resource wrap, and nothing is lost', async () => {
    const text = await one(LONG, { width: 44 });
    expect(text.split('\n').every((line) => line.length <= 44)).toBe(true);
    expect(text).not.toContain('…');
    expect(text).toContain('on and on');
  });

  test('one resource in a pipe has the same values in one row', async () => {
    expect(await one(domainRow, { fields: 'domainUri', headers: false })).toBe('sip.local\n');
    expect((await one(aclRow)).split('\n')[1]).toBe(
      'acl-01\tLocal\t10.0.0.0/8, ::1\t\t\t2026-11-21T10:00:00.000Z\t2026-11-21T10:00:01.000Z\t7',
    );
  });

  test('headers are bold where there is colour, and plain bytes where there is none', async () => {
    expect(await list([agentRow('agent-01')], { width: 120, color: true })).toContain(
      '\u001b[1mREF\u001b[22m',
    );
    expect(await list([agentRow('agent-01')], { format: 'table' })).not.toContain('\u001b');
  });

  test('an empty list is a header', async () => {
    const { terminal, stdout } = memoryTerminal();
    await printerFor(terminal.out, resourceView(sipRoute as Kind)).list([]);
    expect(stdout.text).toBe('#\tREF\tNAME\tCALLED\tPROFILE\tACL\tENABLED\n');
  });

  test('a long list is a table per page', async () => {
    const rows = Array.from({ length: 450 }, (_, i) => agentRow(`agent-${i}`));
    const text = await list(rows, { format: 'table' });
    expect(text.match(/│ REF/g)).toHaveLength(3);
    expect(text).toContain('│ agent-449 │');
  });
});

describe('documents', () => {
  test('JSON of one resource is one object, with refs, and times in RFC 3339', async () => {
    expect(JSON.parse(await one(routeRow, { format: 'json' }))).toEqual({
      kind: 'SipRoute',
      ref: 'concierge',
      name: 'concierge',
      called: ['1000', 'concierge'],
      profileRef: 'profile-01',
      enabled: true,
      position: 2,
      createdAt: '2026-11-21T10:00:00.000Z',
      updatedAt: '2026-11-21T10:00:01.000Z',
      revision: 7,
    });
  });

  test('JSON of a list is an array, written item by item', async () => {
    const { terminal, stdout } = memoryTerminal();
    const printer = printerFor(terminal.out, resourceView(routeRow.kind), { format: 'json' });
    async function* rows(): AsyncGenerator<Row> {
      yield routeRow;
      expect(stdout.text).toMatch(/^\[\n {2}\{\n {4}"kind": "SipRoute"/);
      yield await Promise.resolve(routeRow);
    }
    await printer.list(rows());
    expect(JSON.parse(stdout.text)).toHaveLength(2);
    const empty = memoryTerminal();
    await printerFor(empty.terminal.out, resourceView(routeRow.kind), { format: 'json' }).list([]);
    expect(empty.stdout.text).toBe('[]\n');
  });

  test('YAML keeps texts that look like something else, in any version of YAML', async () => {
    const text = await one(agentRow('agent-01', { name: 'no', username: '010' }), { format: 'yaml' });
    expect(text).toContain('name: "no"\nusername: "010"\n');
    expect(parseAllDocuments(text)[0]!.toJS()).toEqual(
      JSON.parse(await one(agentRow('agent-01', { name: 'no', username: '010' }), { format: 'json' })),
    );
  });

  test('YAML of a list is a sequence', async () => {
    const text = await list([agentRow('a'), agentRow('b')], {
      format: 'yaml',
      fields: 'ref,enabled,extended',
    });
    expect(text).toBe(
      '- ref: a\n  enabled: true\n  extended: null\n- ref: b\n  enabled: true\n  extended: null\n',
    );
  });

  test('--fields picks members, in its order', async () => {
    expect(await one(domainRow, { format: 'json', fields: 'domain-uri,ref,kind' })).toBe(
      '{\n  "domainUri": "sip.local",\n  "ref": "domain-01",\n  "kind": "Domain"\n}\n',
    );
  });

  test('CSV has refs, all fields, and lists as JSON', async () => {
    expect(await list([domainRow], { format: 'csv' })).toBe(
      'ref,name,domainUri,accessControlListRef,egressPolicies,extended,createdAt,updatedAt,revision\n' +
        'domain-01,Local Domain,sip.local,,"[{""rule"":""^\\\\+1"",""numberRef"":""number-01""},{""rule"":"".*"",""numberRef"":""number-02""}]",,2026-11-21T10:00:00.000Z,2026-11-21T10:00:01.000Z,7\n',
    );
    expect(
      await list([agentRow('a', { name: 'x,"y"\nz' })], { format: 'csv', fields: 'ref,name,domain' }),
    ).toBe('ref,name,domainRef\na,"x,""y""\nz",domain-01\n');
  });

  test('names are topic and ref', async () => {
    expect(await list([routeRow, routeRow], { format: 'name' })).toBe(
      'sip-routes/concierge\nsip-routes/concierge\n',
    );
    expect(await one(routeRow, { format: 'name' })).toBe('sip-routes/concierge\n');
  });
});

describe('what is stored', () => {
  test.each(formatNames.filter((name) => name !== 'name'))('secrets are masked in %s', async (format) => {
    const secret = { ...credentialsRow, doc: { ...credentialsRow.doc, password: 'hunter2' } };
    for (const row of [credentialsRow, secret])
      for (const text of [await one(row, { format }), await list([row], { format })]) {
        expect(text).toContain('********');
        expect(text).not.toContain('hunter2');
      }
    expect(await one(secret, { format, reveal: true })).toContain('hunter2');
  });

  test.each([...formatNames, undefined])('hostile text cannot drive the terminal in %s', async (format) => {
    const options = format === undefined ? {} : { format };
    for (const width of [undefined, 80]) {
      const where = width === undefined ? {} : { width };
      const text =
        (await list([HOSTILE], { ...options, ...where })) + (await one(HOSTILE, { ...options, ...where }));
      expect(text.replaceAll('\n', '').replaceAll('\t', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    }
  });

  test.each(['json', 'yaml'])('hostile text is the same data in %s', async (format) => {
    const [document] = parseAllDocuments(await one(HOSTILE, { format }));
    expect((document!.toJS() as { name: string }).name).toBe(HOSTILE.doc['name']);
  });

  test('a row is one line', async () => {
    expect((await list([HOSTILE])).split('\n')).toHaveLength(3);
  });
});

describe('options', () => {
  const failure = (options: PrintOptions, view = resourceView(routeRow.kind)): CtlError => {
    try {
      printerFor(memoryTerminal().terminal.out, view, options);
    } catch (error) {
      return error as CtlError;
    }
    throw new Error('expected an error');
  };

  test('an unknown format lists the real ones', () => {
    const error = failure({ format: 'jsn' });
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain('"jsn" is no format (did you mean json');
    expect(error.hint).toBe('Formats: table, wide, json, jsonl, yaml, csv, name');
  });

  test('unknown fields, all at once, with the nearest and the real ones', () => {
    const error = failure({ fields: 'ref,profil,zzzzzz' });
    expect(error.fields.map(({ message }) => message)).toEqual([
      '"profil" is no field (did you mean profile?)',
      '"zzzzzz" is no field',
    ]);
    expect(error.hint).toContain('position, ref, name, called, profileRef');
  });

  test('names have no fields', () => {
    expect(failure({ format: 'name', fields: 'ref' }).message).toContain('--fields contradicts -o name');
  });
});

describe('records', () => {
  const view = recordView(['component', 'counts', 'connectTokenKey']);
  const record = { component: 'daemon', counts: { agents: 2, peers: 0 }, connectTokenKey: false };

  const printed = async (options: PrintOptions & Where) => {
    const { terminal, stdout } = terminalFor(options);
    await printerFor(terminal.out, view, options).one(record);
    return stdout.text;
  };

  test('in every format', async () => {
    expect(JSON.parse(await printed({ format: 'json' }))).toEqual(record);
    expect(await printed({ format: 'csv' })).toBe(
      'component,counts,connectTokenKey\ndaemon,"{""agents"":2,""peers"":0}",false\n',
    );
    expect(await printed({ width: 60 })).toBe(`┌───────────────────┬───────────┐
│ COMPONENT         │ daemon    │
│ COUNTS            │ agents: 2 │
│                   │ peers: 0  │
│ CONNECT TOKEN KEY │ false     │
└───────────────────┴───────────┘
`);
  });

  test('but not by name', () => {
    const printer = () => printerFor(memoryTerminal().terminal.out, view, { format: 'name' });
    expect(printer).toThrow('"name" is for resources');
  });
});

describe('a reader that goes away', () => {
  test.each(formatNames)('%s: what the items come from ends too', async (format) => {
    const { terminal, stdout } = memoryTerminal();
    let ended = false;
    const source = (async function* () {
      try {
        for (;;) yield Array.from({ length: 1000 }, () => agentRow('agent-01'));
      } finally {
        ended = true;
      }
    })();
    const write = stdout.write.bind(stdout);
    stdout.write = (text) => {
      stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      return write(text);
    };
    const printing = printerFor(terminal.out, resourceView(agentRow('agent-01').kind), { format });
    await expect(printing.batches(source)).rejects.toBeInstanceOf(OutputClosed);
    expect(ended).toBe(true);
  });
});
