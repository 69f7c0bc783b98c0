/** Writes oclif.manifest.json, what help knows of the commands, from the built ones: node scripts/manifest.js [FILE] */
import { Plugin } from '@oclif/core';
import { join } from 'node:path';
import { replaceFile, ROOT } from './files.js';

const plugin = new Plugin({ root: ROOT, type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();
const target = process.argv[2] ?? join(ROOT, 'oclif.manifest.json');
await replaceFile(target, `${JSON.stringify(plugin.manifest, null, 2)}\n`);
