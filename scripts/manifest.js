/** Writes oclif.manifest.json, what help knows of the commands, from the built ones: node scripts/manifest.js [FILE] */
import { Plugin } from '@oclif/core';
import { join } from 'node:path';
import { replaceFile, ROOT } from './files.js';

const plugin = new Plugin({ root: ROOT, type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();
// Files are found in no certain order.
const commands = Object.entries(plugin.manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1));
const manifest = { ...plugin.manifest, commands: Object.fromEntries(commands) };
const target = process.argv[2] ?? join(ROOT, 'oclif.manifest.json');
await replaceFile(target, `${JSON.stringify(manifest, null, 2)}\n`);
