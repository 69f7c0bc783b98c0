/** The command tree as data: complete, fresh, and described the same way everywhere. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { longestId } from '../../src/lib/cli/program.js';
import { otherTopics, resourceTopics } from '../../src/lib/cli/topics.js';
import { kinds } from '../../src/lib/kinds/index.js';
import { hasToggle } from '../../src/lib/kinds/kind.js';
import { ROOT } from '../support/environment.js';

interface Flag {
  readonly char?: string;
  readonly summary?: string;
  readonly hidden?: boolean;
  readonly aliases?: readonly string[];
  readonly allowNo?: boolean;
}
interface Command {
  readonly summary: string;
  readonly description?: string;
  readonly hiddenAliases: readonly string[];
  readonly examples: readonly { readonly description: string; readonly command: string }[];
  readonly flags: Readonly<Record<string, Flag>>;
  readonly args: Readonly<Record<string, { readonly description?: string }>>;
}

const text = readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8');
const { commands } = JSON.parse(text) as { commands: Record<string, Command> };
const all = Object.entries(commands);
const ids = all.flatMap(([id, { hiddenAliases }]) => [id, ...hiddenAliases]);
const folder = join(ROOT, 'src', 'commands');
const sorted = (values: Iterable<string>) => [...values].sort();

/** Lower case at the start, unless it is a name such as YAML; no full stop at the end, but for that of an example. */
const isLine = (line: string | undefined) =>
  line !== undefined && /^([a-z]|[A-Z]{2})[^]*[^.\s]$/.test(line.replace(/, such as .*/, ''));

test('oclif.manifest.json is what the built commands say: npm run build', () => {
  const home = mkdtempSync(join(tmpdir(), 'ctl-'));
  const fresh = join(home, 'manifest.json');
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'manifest.js'), fresh], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(readFileSync(fresh, 'utf8')).toBe(text);
  rmSync(home, { recursive: true });
});

test('every command file is in the manifest, and no other', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  expect(
    sorted(files.map((file) => file.replace(/([\\/]index)?\.ts$/, '').replaceAll(/[\\/]/g, ':'))),
  ).toEqual(sorted(Object.keys(commands)));
});

test.each(kinds.map((kind) => [kind.topic, kind] as const))('ctl %s has every verb', (topic, kind) => {
  const verbs = [
    'create',
    'delete',
    'get',
    'list',
    'update',
    ...(hasToggle(kind) ? ['disable', 'enable'] : []),
  ];
  expect(sorted(readdirSync(join(folder, topic)))).toEqual(sorted(verbs.map((verb) => `${verb}.ts`)));
  expect(commands[`${topic}:list`]!.hiddenAliases).toEqual([`${topic}:ls`]);
  expect(commands[`${topic}:get`]!.hiddenAliases).toEqual([`${topic}:show`]);
  expect(commands[`${topic}:delete`]!.hiddenAliases).toEqual([`${topic}:rm`]);
});

test('every topic has commands and a line about it, and no command stands outside', () => {
  const topics = [...resourceTopics, ...otherTopics];
  expect(topics.filter(({ description }) => !isLine(description))).toEqual([]);
  const first = ids.filter((id) => id.includes(':')).map((id) => id.split(':')[0]!);
  const used = new Set(first.filter((id) => !(id in commands)));
  expect(sorted(topics.map(({ name }) => name))).toEqual(sorted(used));
});

test('no name stands for two commands', () => {
  expect(ids.length).toBe(new Set(ids).size);
});

describe.each(all)('%s', (id, command) => {
  test('has one line about it, one about each flag, and a word about each argument', () => {
    const lines = [
      command.summary,
      ...Object.values(command.flags).map(({ summary }) => summary?.replace(/^\(required\) /, '')),
    ];
    expect(lines.filter((line) => !isLine(line))).toEqual([]);
    expect(Object.values(command.args).filter(({ description }) => !description)).toEqual([]);
  });

  test('has no two flags with the same letter', () => {
    const letters = Object.values(command.flags).flatMap(({ char }) => char ?? []);
    expect(letters.length).toBe(new Set(letters).size);
  });

  test('has examples of itself, with long flags that it has', () => {
    const known = Object.entries(command.flags).flatMap(([name, { hidden, aliases = [], allowNo }]) =>
      hidden ? [] : [name, ...aliases, ...(allowNo ? [`no-${name}`] : [])],
    );
    expect(command.examples.length).toBeGreaterThan(0);
    for (const { description, command: line } of command.examples) {
      expect(description).toMatch(/^[A-Z].*[^.]$/);
      const [bin, ...words] = line.split(' ');
      expect(bin).toBe('<%=');
      expect(longestId(words.slice(2), Object.keys(commands)).id).toBe(id);
      expect(line).not.toMatch(/ -[A-Za-z]\b/);
      const flags = [...line.matchAll(/ --([a-z-]+)/g)].map(([, name]) => name);
      expect(flags.filter((name) => !known.includes(name!))).toEqual([]);
    }
  });
});
