#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/lib/cli/main.js', import.meta.url);
if (existsSync(fileURLToPath(built))) {
  const { main } = await import(built.href);
  await main(process.argv.slice(2), fileURLToPath(new URL('..', import.meta.url)));
} else {
  process.stderr.write('ctl is not built yet. Run: npm run build\n');
  process.exitCode = 70;
}
