/** A person at a terminal: types when the screen shows what they wait for. Every wait has a deadline. */
import { spawn } from '@lydell/node-pty';
import { BIN, cleanEnvironment } from './environment.js';

const LONGEST_MS = 20_000;

/** Starts ctl in a terminal of 100 columns. */
export function openTerminal(args, { home, endpoint }) {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: home,
    cols: 100,
    rows: 40,
    env: cleanEnvironment(home, { CTL_ENDPOINT: endpoint }),
  });
  let output = '';
  let seen = 0;
  const listeners = new Set();
  child.onData((text) => {
    output += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  const plain = () => output.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[\\d;?]*[A-Za-z]`, 'g'), '');
  return {
    /** Resolves when the screen shows `text` after what was waited for before. */
    sees: (text) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          child.kill('SIGKILL');
          reject(new Error(`no ${JSON.stringify(text)} in:\n${plain()}`));
        }, LONGEST_MS);
        const check = () => {
          const at = plain().indexOf(text, seen);
          if (at < 0) return;
          seen = at + text.length;
          clearTimeout(timer);
          listeners.delete(check);
          resolve();
        };
        listeners.add(check);
        check();
      }),
    types: (text) => child.write(text),
    enter: (text = '') => child.write(`${text}\r`),
    screen: plain,
    /** All that was written, with the sequences that move and colour. */
    raw: () => output,
    /** The exit code. */
    ended,
  };
}
