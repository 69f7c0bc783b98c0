/** The committed protobuf code and descriptors are what the generators make of the protos. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROTO = join(process.cwd(), 'proto');
const GENERATED = join('src', 'lib', 'api', 'generated');

/** Path and content of every file below a folder. */
function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
}

const installed = existsSync(join(PROTO, 'node_modules', '.bin', 'buf'));
const check = installed ? test : test.skip;
const name = 'the generated code and the descriptors are fresh';

describe('generated code', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'ctl-generated-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  check(installed ? name : `${name} (skipped: run npm install in proto/ first)`, () => {
    const proto = join(root, 'proto');
    cpSync(PROTO, proto, { recursive: true, filter: (path) => !path.includes('node_modules') });
    symlinkSync(join(PROTO, 'node_modules'), join(proto, 'node_modules'));
    execFileSync('npm', ['run', '--silent', 'generate'], { cwd: proto, stdio: 'pipe' });

    expect(filesIn(join(root, GENERATED))).toEqual(filesIn(join(process.cwd(), GENERATED)));
    const committed = readFileSync(join(PROTO, 'descriptors.binpb'));
    expect(readFileSync(join(proto, 'descriptors.binpb')).equals(committed)).toBe(true);
  });
});
