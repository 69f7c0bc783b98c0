/** CDRs of known and of other layouts, and the lines of acc modules. */
import { describe, expect, test } from '@jest/globals';
import { readMapping } from '../../../src/lib/proof/replay/layout.js';
import { timeOf } from '../../../src/lib/proof/replay/time.js';
import { lines, read } from './read.js';
import { cases, fc } from '../../support/property.js';

const ASTERISK =
  '"","1001","+17853178070","from-internal","""John"" <1001>","PJSIP/1001-00000001","PJSIP/trunk-01-00000002","Dial","PJSIP/+1785@trunk-01,30","2026-11-22 10:00:00","2026-11-22 10:00:05","2026-11-22 10:01:00",60,55,"ANSWERED","DOCUMENTATION","1.1",""';
const CUSTOM =
  '"""John"" <1001>","1001","1002","from-internal","PJSIP/1001-00000001","PJSIP/1002-00000002","Dial","","2026-11-22 10:00:00","","2026-11-22 10:01:00","60","0","NO ANSWER","DOCUMENTATION","","1.1","","7"';

describe('layouts', () => {
  test('Asterisk, without a header', () => {
    expect(
      lines(
        read(
          `${ASTERISK}\n${ASTERISK.replace('+17853178070', 's')}\n${ASTERISK.replace('1001', '')}\n"",1\n`,
        ),
      ),
    ).toEqual([
      'file:1: 1001 → +17853178070 [ANSWERED]',
      'file:3: anonymous → +17853178070 [ANSWERED]',
      'file:4: has 2 values: expected 18',
      'passed over: 1 records of extensions that nobody dials (s, h, i, t)',
    ]);
    expect(lines(read(CUSTOM))).toEqual(['file:1: 1001 → 1002 [NO ANSWER]']);
  });

  test('the table of Asterisk, with a header', () => {
    const text =
      'calldate,clid,src,dst,dcontext,disposition\n2026-11-22 10:00:00,"""A"" <1>",1001,1002,x,FAILED\n';
    const found = read(text);
    expect(lines(found)).toEqual(['file:2: 1001 → 1002 [FAILED]']);
    expect(found.replayed[0]).toMatchObject({ call: { at: new Date(2026, 10, 22, 10).getTime() } });
  });

  test('the table of acc, a call once, whatever else was done in it', () => {
    const text = [
      'id,method,from_tag,to_tag,callid,sip_code,sip_reason,time,src_user,src_domain,src_ip,dst_ouser,dst_user,dst_domain',
      '1,INVITE,a,b,x,200,OK,2026-11-22 10:00:00,1001,sip.local,192.0.2.1,1002,1002,192.0.2.7',
      '2,BYE,a,b,x,200,OK,2026-11-22 10:00:09,1001,sip.local,192.0.2.1,1002,1002,192.0.2.7',
      '3,INVITE,a,b,x,200,OK,2026-11-22 10:00:09,1001,sip.local,192.0.2.1,1002,1002,192.0.2.7',
      '4,INVITE,c,,y,404,Not Found,2026-11-22 10:00:09,1001,sip.local,,+1,+1,sip.local',
      '',
    ].join('\n');
    expect(lines(read(text))).toEqual([
      'file:2: sip:1001@sip.local → 1002 by ? 192.0.2.1 [200]',
      'file:5: sip:1001@sip.local → +1 [404]',
      'passed over: 1 records of other methods',
      'passed over: 1 records of a call that was counted already',
    ]);
  });

  test('Call-IDs are remembered, of the newest at least 65,536', () => {
    const many = 150_000;
    // Each is there again 60,000 records later, and the first ones at the very end.
    const ids = Array.from({ length: many }, (_, i) => i).flatMap((i) =>
      i < 60_000 ? [i] : [i, i - 60_000],
    );
    const rows = [...ids, 0].map((id) => `INVITE,1001,1002,call-${id}@192.0.2.1`);
    const { replayed, passedOver } = read(['method,src,dst,callid', ...rows, ''].join('\n'));
    expect(passedOver).toEqual({ 'records of a call that was counted already': many - 60_000 });
    expect(replayed).toHaveLength(many + 1);
  });

  test('the log of acc', () => {
    const text = [
      'Nov 22 10:00:00 proxy kamailio[1]: INFO: something else',
      'Nov 22 10:00:00 proxy kamailio[1]: NOTICE: acc [acc.c:279]: acc_log_request(): ACC: transaction answered: timestamp=1795392540;method=INVITE;from_tag=a;to_tag=b;call_id=x;code=200;reason=OK;src_user=1001;src_domain=sip.local;src_ip=192.0.2.1;dst_ouser=1002;dst_user=1002;dst_domain=sip.local',
      'Nov 22 10:00:00 proxy opensips[1]: ACC: call missed: timestamp=1795392540;method=INVITE;from_tag=a;to_tag=;call_id=y;code=486;reason=Busy;src_user=1001',
      'Nov 22 10:00:00 proxy opensips[1]: ACC: call missed: timestamp=1795392540;method=INVITE;call_id=x;dst_user=1002',
      'Nov 22 10:00:00 proxy kamailio[1]: ACC: transaction answered: timestamp=17x;method=INVITE;call_id=z;dst_user=1002',
      'Nov 22 10:00:00 proxy kamailio[1]: ACC: transaction answered: timestamp=1795392540;meth',
    ].join('\n');
    expect(lines(read(text))).toEqual([
      'file:2: sip:1001@sip.local → 1002 by ? 192.0.2.1 [200]',
      'file:3: does not say what was dialled: expected a number or a user',
      'file:5: anonymous → 1002',
      'file:6: does not say what was dialled: expected a number or a user',
      'passed over: 1 records of a call that was counted already',
      'passed over: 1 times that cannot be read',
    ]);
  });

  test('objects a line, with members of calls as they are asked', () => {
    const text = [
      '{"dialled":"1002","from":"1001","source":{"ip":"192.0.2.1","port":5060},"headers":[{"name":"X-A","value":"b"}]}',
      '{"from":"1001","dialled":1002,"sip_code":486}',
      'nothing',
      '[]',
      '{"from":"1001"}',
      '{"dialled":"1002","registered":true}',
    ].join('\n');
    const found = read(text);
    expect(lines(found)).toEqual([
      'file:1: 1001 → 1002 by ? 192.0.2.1',
      'file:2: 1001 → 1002 [486]',
      'file:3: is no JSON object: expected an object a line',
      'file:4: is no JSON object: expected an object a line',
      'file:5: does not say what was dialled: expected a number or a user',
      'file:6: registered is true: expected text',
    ]);
    expect(found.replayed[0]).toMatchObject({ call: { headers: [{ name: 'X-A', value: 'b' }] } });
  });

  test('a line that is too long is broken, and no call of its beginning', () => {
    const long = ' '.repeat(2 ** 20);
    const at = Array.from({ length: 40 }, (_, i) => i * 2 ** 16);
    const object = '{"dialled":"1002"}';
    expect(lines(read(`${object}\n${object}${long}x\n${object}`, { at }))).toEqual([
      'file:1: anonymous → 1002',
      'file:2: is longer than 1048576 characters',
      'file:3: anonymous → 1002',
    ]);
    const acc = 'ACC: call missed: timestamp=1795392540;method=INVITE;dst_user=1002';
    expect(lines(read(`${acc}\n${acc};reason=${long}\nx${long}\n${acc}`, { at }))).toEqual([
      'file:1: anonymous → 1002',
      'file:2: is longer than 1048576 characters',
      'file:4: anonymous → 1002',
    ]);
  });

  test('columns that the user names, also by number, and headers', () => {
    const mapping = readMapping(['dialled=B Number', 'from=a-number', 'trunk=3', 'header X-DOD-Number=dod']);
    const found = read('a_number;b number;via;dod\n1001;1002;trunk-01;+1910\n', { mapping });
    expect(lines(found)).toEqual(['file:2: 1001 → 1002 [trunk-01]']);
    expect(found.replayed[0]).toMatchObject({
      call: { headers: [{ name: 'X-DOD-Number', value: '+1910' }] },
    });
    const numbers = readMapping(['dialled=2', 'from=1']);
    expect(lines(read('1001,1002\n', { mapping: numbers }))).toEqual(['file:1: 1001 → 1002']);
  });
});

describe('faults', () => {
  test('a file whose columns nobody knows is refused, with what can be done', () => {
    expect(() => read('a,b\n1,2\n', { name: 'x.csv' })).toThrow(
      'cannot read x.csv: it has no column that says what was dialled; its columns are "a", "b"',
    );
    expect(() => read('dst,b\n1,2\n', { name: 'x.csv', mapping: readMapping(['from=c']) })).toThrow(
      'cannot read x.csv: --column names "c", which x.csv does not have: expected one of "dst", "b"',
    );
  });

  test('every bad mapping is named', () => {
    expect(() => readMapping(['dialed', 'form=a', 'from=b'])).toThrow(
      expect.objectContaining({
        code: 'usage',
        fields: [
          {
            field: '--column',
            message: '"dialed" is no mapping: expected FIELD=COLUMN, such as dialled=dst',
          },
          { field: '--column', message: expect.stringContaining('"form" is no field (did you mean from?)') },
        ],
      }),
    );
  });

  test('records that cannot be read are named one by one', () => {
    const text = 'dst,src,start\n,1001,\n1002\n1002,1001,0000-00-00 00:00:00\n';
    expect(lines(read(text))).toEqual([
      'file:2: does not say what was dialled: expected a number or a user',
      'file:3: has 1 value: expected 3',
      'file:4: 1001 → 1002',
    ]);
  });

  test('a time that cannot be read costs no call, and is counted', () => {
    const times = ['31/12/2026 10:00', '31/12/2026 10:00', '2026-11-22T10:00:00Z', 'yesterday'];
    const found = read(['dst,start', ...times.map((time) => `1002,${time}`)].join('\n'));
    expect(found.replayed.map((one) => ('call' in one ? (one.call['at'] ?? null) : one))).toEqual([
      null,
      null,
      Date.UTC(2026, 10, 22, 10),
      null,
    ]);
    expect(found.passedOver).toEqual({ 'times that cannot be read': 3 });
    expect(found.examples).toEqual(['31/12/2026 10:00']);
  });

  test('pieces make no difference, damage never throws once the header is read', () => {
    const text = Buffer.from(
      `dst,src,disposition\n${'1002,1001,ANSWERED\n"10""02","a\nb",BUSY\n'.repeat(5)}`,
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 20, max: text.length - 1 }), fc.nat(255)), { maxLength: 5 }),
        fc.array(fc.nat(text.length), { maxLength: 5 }),
        (changes, at) => {
          const damaged = Uint8Array.from(text);
          for (const [place, value] of changes) damaged[place] = value;
          expect(read(damaged, { at })).toEqual(read(damaged));
        },
      ),
      cases(300),
    );
  });
});

test.each([
  ['1795392540', 1_795_392_540_000],
  ['1795392540.25', 1_795_392_540_250],
  ['1795392540250', 1_795_392_540_250],
  ['2026-11-22T10:00:00Z', Date.UTC(2026, 10, 22, 10)],
  ['2026-11-22 10:00:00+0100', Date.UTC(2026, 10, 22, 9)],
  ['2026/11/22 10:00:00,5', new Date(2026, 10, 22, 10, 0, 0, 500).getTime()],
  ['2026-11-22', new Date(2026, 10, 22).getTime()],
  ['2026-13-22 10:00:00', undefined],
  ['12', undefined],
])('the time %s', (text, at) => expect(timeOf(text)).toBe(at));
