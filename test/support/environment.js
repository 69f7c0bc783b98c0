/** The environment of a spawned bin: nothing of the shell that runs the tests may change results. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BIN = join(ROOT, 'bin', 'run.js');

const CLEARED =
  /^(CTL_|XDG_)|^(CI|NO_COLOR|FORCE_COLOR|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|EDITOR|VISUAL|TERM|COLUMNS|https?_proxy)$/i;

/** The variables of this process without those that ctl reads, and with a home folder of its own. */
export function cleanEnvironment(home, extra = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !CLEARED.test(name));
  return { ...Object.fromEntries(kept), HOME: home, TERM: 'xterm-256color', ...extra };
}

/** A folder to put first on the PATH, in which `ctl` is this checkout's bin. */
export function makeShims(folder) {
  mkdirSync(folder, { recursive: true });
  const shim = `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`;
  writeFileSync(join(folder, 'ctl'), shim, { mode: 0o755 });
  return folder;
}
