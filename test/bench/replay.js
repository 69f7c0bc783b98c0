/**
 * Calls replayed per second, from a CDR file through the bin, with a configuration in files. Alone it takes the size
 * of the file in MB and says also how much memory was needed: node test/bench/replay.js 1024
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BIN, cleanEnvironment } from '../support/environment.js';

const MB = 2 ** 20;
const DOMAINS = 10;
const AGENTS = 100;
const NUMBERS = 1000;

const numberOf = (i) => `+1910343${String(i % 10_000).padStart(4, '0')}`;
const userOf = (i) => String(1000 + (i % AGENTS));
const domainOf = (i) => `d${i % DOMAINS}.example.com`;

/** Ten domains of a hundred agents, a thousand numbers, two trunks. */
function configuration() {
  const documents = [0, 1].map((i) => ({
    kind: 'Trunk',
    ref: `trunk-${i}`,
    name: `Trunk ${i}`,
    inboundUri: `t${i}.example.net`,
    uris: [{ host: `sip${i}.carrier.example` }],
  }));
  documents.push({
    kind: 'Credentials',
    ref: 'credentials',
    name: 'All',
    username: 'all',
    password: 'changeit',
  });
  for (let i = 0; i < NUMBERS; i++)
    documents.push({
      kind: 'Number',
      ref: `number-${i}`,
      name: `Number ${i}`,
      telUrl: `tel:${numberOf(i)}`,
      city: 'Durham',
      country: 'USA',
      countryIsoCode: 'US',
      trunkRef: `trunk-${i % 2}`,
      aorLink: `sip:${userOf(i)}@${domainOf(i)}`,
    });
  for (let d = 0; d < DOMAINS; d++) {
    const egressPolicies = ['^\\+1', '^\\+44', '^00', '^0', '^\\+'].map((rule, i) => ({
      rule,
      numberRef: `number-${i}`,
    }));
    documents.push({
      kind: 'Domain',
      ref: `domain-${d}`,
      name: `Domain ${d}`,
      domainUri: domainOf(d),
      egressPolicies,
    });
    for (let a = 0; a < AGENTS; a++)
      documents.push({
        kind: 'Agent',
        ref: `agent-${d}-${a}`,
        name: `Agent ${d} ${a}`,
        username: userOf(a),
        domainRef: `domain-${d}`,
        credentialsRef: 'credentials',
      });
  }
  return documents;
}

/** A record of the acc table: within a domain, out to the PSTN, in from it, one of ten to nobody. */
function record(i) {
  // Steps that share no factor with what they count make all pairs occur.
  const [from, to] = [userOf(i * 7), userOf(i * 13 + 5)];
  const outside = `+1785${String((i * 104_729) % 10_000_000).padStart(7, '0')}`;
  const [user, host, dialled, code] = [
    [from, domainOf(i), to, 200],
    [from, domainOf(i), outside, 200],
    [outside, 'carrier.example', numberOf((i * 17) % NUMBERS), 486],
    [from, domainOf(i), to, 200],
    [outside, 'carrier.example', numberOf(5000 + (i % 1000)), 404],
  ][i % 5];
  const time = new Date(1_795_392_540_000 + i * 50).toISOString().slice(0, 19).replace('T', ' ');
  return `${i},INVITE,as${i},to${i},${i}-a84b4c76e66710@192.0.2.1,${code},Reason,${time},${user},${host},192.0.2.1,${dialled},${dialled},192.0.2.2`;
}

const HEADER =
  'id,method,from_tag,to_tag,callid,sip_code,sip_reason,time,src_user,src_domain,src_ip,dst_ouser,dst_user,dst_domain';

/** Writes a CDR file of so many records or bytes, whichever is reached first. @returns how many records */
async function writeCdr(path, records, bytes) {
  const out = createWriteStream(path);
  out.write(`${HEADER}\n`);
  let size = 0;
  let count = 0;
  while (count < records && size < bytes) {
    const lines = [];
    for (let i = 0; i < 1000 && count < records; i++) lines.push(record(count++));
    const text = `${lines.join('\n')}\n`;
    size += text.length;
    if (!out.write(text)) await new Promise((resolve) => out.once('drain', resolve));
  }
  await new Promise((resolve) => out.end(resolve));
  return count;
}

/** Ticks in which Linux counts processor time. */
const TICKS = 100;

/** Runs the bin to its end. @returns seconds, and, where the system tells (Linux), those of the processors and the most memory in MB */
async function timed(args, home) {
  const started = performance.now();
  const child = spawn(process.execPath, [BIN, 'route', 'replay', ...args], {
    cwd: home,
    env: cleanEnvironment(home, {}),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (part) => (text += part));
  let memory = 0;
  let processor = 0;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      memory = Math.max(memory, Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024);
      const [user, system] = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .split(') ')[1]
        .split(' ')
        .slice(11, 13);
      processor = (Number(user) + Number(system)) / TICKS;
    } catch {
      // It has just ended, or the system has no such file.
    }
  }, 50);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`replay ended with ${code}: ${text}`);
  return {
    seconds: (performance.now() - started) / 1000,
    processor,
    memory,
    summary: text.trim().split('\n').at(-1),
  };
}

async function inFolder(work) {
  const home = mkdtempSync(join(tmpdir(), 'ctl-bench-'));
  try {
    writeFileSync(join(home, 'config.json'), JSON.stringify(configuration()));
    return await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** @returns {Promise<{name: string, value: number, unit: string}[]>} */
export const benchReplay = () =>
  inFolder(async (home) => {
    const count = await writeCdr(join(home, 'cdr.csv'), 200_000, Infinity);
    const config = ['--config', 'config.json'];
    const one = await timed(['cdr.csv', ...config], home);
    const two = await timed(['cdr.csv', ...config, '--with', 'config.json'], home);
    return [
      { name: 'CDRs replayed, beside their records', value: count / one.seconds, unit: '/s' },
      { name: 'the same a second of processor time', value: count / one.processor, unit: '/s' },
      { name: 'CDRs replayed, beside a candidate', value: count / two.seconds, unit: '/s' },
      { name: 'the same a second of processor time', value: count / two.processor, unit: '/s' },
      { name: 'most memory meanwhile', value: Math.max(one.memory, two.memory), unit: 'MB' },
    ];
  });

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await inFolder(async (home) => {
    const path = join(home, 'cdr.csv');
    const count = await writeCdr(path, Infinity, Number(process.argv[2] ?? 100) * MB);
    const { seconds, memory, summary } = await timed(['cdr.csv', '--config', 'config.json'], home);
    const size = Math.round(statSync(path).size / MB);
    console.log(
      JSON.stringify({
        records: count,
        MB: size,
        seconds,
        perSecond: Math.round(count / seconds),
        memory,
        summary,
      }),
    );
  });
