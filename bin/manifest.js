/** Writes oclif.manifest.json from the built commands, so that start-up imports only the command it runs. */
import { Plugin } from '@oclif/core';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.argv[2] ?? fileURLToPath(new URL('../oclif.manifest.json', import.meta.url));
const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();
await writeFile(target, `${JSON.stringify(plugin.manifest, null, 2)}\n`);
