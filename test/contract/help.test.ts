/** Help: every way to ask for it, every page, and what happens to words that name nothing. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helpPage } from '../../src/lib/cli/help.js';
import { ProgramConfig } from '../../src/lib/cli/oclif-config.js';
import type { Program } from '../../src/lib/cli/program.js';
import { runBin } from '../support/bin.js';
import { ROOT } from '../support/environment.js';

const home = mkdtempSync(join(tmpdir(), 'ctl-'));
afterAll(() => rmSync(home, { recursive: true }));
const ctl = (line: string, env = {}) => runBin(line.split(' ').filter(Boolean), { home, env });

const pjson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Program['pjson'];
/** Anew for each page: oclif's help writes into what it is given. */
const page = (...words: string[]) =>
  helpPage(new ProgramConfig({ root: ROOT, pjson, commands: {} }), words, { width: 80, color: false });
const { commands } = new ProgramConfig({ root: ROOT, pjson, commands: {} });

describe('asking', () => {
  test.each([
    ['', 'GETTING STARTED'],
    ['--help', 'GETTING STARTED'],
    ['-h', 'GETTING STARTED'],
    ['help', 'GETTING STARTED'],
    ['agents', '$ ctl agents <command> [flags]'],
    ['agents --help', '$ ctl agents <command> [flags]'],
    ['help agents', '$ ctl agents <command> [flags]'],
    ['agents create --help', '$ ctl agents create [flags]'],
    ['agents create --name x -h', '$ ctl agents create [flags]'],
    ['--help agents create', '$ ctl agents create [flags]'],
    ['help agents create', '$ ctl agents create [flags]'],
    ['agents ls --help', '$ ctl agents list [flags]'],
    ['serve --help', '$ ctl serve [flags]'],
    ['help serve', '$ ctl serve [flags]'],
    ['help exit-codes', 'EXIT CODES'],
    ['help reasons', 'WHY A CALL IS REJECTED'],
    ['--version', 'connect-ctl/'],
  ])('ctl %s', async (line, expected) => {
    const { code, stdout, stderr } = await ctl(line);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(expected);
  });

  test.each([
    ['agnts list', 'unknown command: ctl agnts', 'Did you mean "ctl agents"?'],
    ['agents lits', 'unknown command: ctl agents lits', 'Did you mean "ctl agents list"'],
    ['agents lits --help', 'unknown command: ctl agents lits', 'Did you mean "ctl agents list"'],
    ['help agents lits', 'unknown command: ctl agents lits', 'Did you mean "ctl agents list"'],
    ['agents frobnicate', 'unknown command: ctl agents frobnicate', 'Commands of agents: create, delete,'],
    ['nothing', 'unknown command: ctl nothing', 'See "ctl --help".'],
    ['help nothing', 'unknown command: ctl nothing', 'See "ctl --help".'],
    ['help exit-code', 'there is no help on "exit-code"', 'Did you mean "ctl help exit-codes"?'],
    ['agents --output yaml', '"ctl agents is no command by itself"', 'Commands of agents: create,'],
    ['--no-color agents list', 'no command in front of --no-color', 'ctl agents list --no-color'],
    ['--password=hunter2 agents', 'no command in front of --password', 'See "ctl --help"'],
    ['agents list --limt 3', 'unknown flag --limt (did you mean --limit?)', 'See "ctl agents list --help".'],
    ['constructor', 'unknown command: ctl constructor', 'See "ctl --help".'],
  ])('ctl %s', async (line, message, hint) => {
    const { code, stdout, stderr } = await ctl(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain('hunter2');
  });

  test('colour only where it is wanted', async () => {
    const escape = String.fromCharCode(27);
    expect((await ctl('--help', { FORCE_COLOR: '1' })).stdout).toContain(escape);
    expect((await ctl('--help --no-color', { FORCE_COLOR: '1' })).stdout).not.toContain(escape);
    expect((await ctl('--help')).stdout).not.toContain(escape);
  });
});

describe('pages', () => {
  const subjects = [
    [],
    ...commands.map(({ id }) => id.split(':')),
    ['agents'],
    ['route'],
    ['connect-tokens'],
  ];

  test.each(subjects.map((words) => [words.join(' ')]))('ctl help %s fits into 80 columns', (words) => {
    const lines = page(...words.split(' ').filter(Boolean)).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.join('\n')).not.toMatch(/\n\n\n|undefined|<%|\[object/);
  });

  test('a command: what it is for, usage, own flags with required ones first, groups, examples', () => {
    const text = page('agents', 'create');
    const marks = [
      'create an agent',
      'USAGE\n  $ ctl agents create [flags]',
      '--name=<name>',
      '--username=<username>',
      '--ref=<ref>',
      '--domain=<domain>',
      '--file=<file>',
      '--dry-run',
      'OUTPUT FLAGS',
      'CONNECTION FLAGS',
      'GLOBAL FLAGS',
      'EXAMPLES',
    ];
    const places = marks.map((mark) => text.indexOf(mark));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test('arguments: one, several, none needed', () => {
    expect(page('agents', 'get')).toContain('$ ctl agents get KEY [flags]');
    expect(page('agents', 'delete')).toContain('$ ctl agents delete KEY... [flags]');
    expect(page('connect-tokens', 'inspect')).toContain('$ ctl connect-tokens inspect [TOKEN] [flags]');
    expect(page('route', 'simulate')).toContain('$ ctl route simulate DIALLED [flags]');
  });

  test('the root names every topic and every command of the first level', () => {
    const text = page();
    for (const { id } of commands) expect(text).toContain(`\n  ${id.split(':')[0]!} `);
  });

  test('a command that is a topic as well says what stands below it', () => {
    const below = commands.filter(({ id }) => commands.some((one) => id.startsWith(`${one.id}:`)));
    for (const { id } of below) {
      const words = id.split(':');
      expect(page(...words.slice(0, -1))).toContain(`\n  ${words.join(' ')} `);
    }
  });
});
