/**
 * The part of oclif's configuration that its commands and its help use. oclif itself would read package.json, the
 * manifest, a theme and the folder of plugins before every command; here the bundle brings what a command needs, and
 * only help reads the manifest.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Config } from '@oclif/core';
import type { Program } from './program.js';
import { otherTopics, resourceTopics, type Topic } from './topics.js';

/** A command as the manifest describes it. */
export type ManifestCommand = Command.Loadable & { readonly hiddenAliases: readonly string[] };

export class ProgramConfig {
  readonly bin = 'ctl';
  readonly topicSeparator = ' ';
  readonly platform = process.platform;
  readonly name: string;
  readonly version: string;
  readonly pjson: Program['pjson'];
  /** There are no hooks: nothing here could have one. */
  readonly runHook = async (): Promise<object> => ({ successes: [], failures: [] });
  /** Nor plugins. */
  readonly plugins = new Map<never, never>();
  private manifest: readonly ManifestCommand[] | undefined;

  constructor(readonly program: Program) {
    this.pjson = program.pjson;
    this.name = program.pjson.name;
    this.version = program.pjson.version;
  }

  /** The commands of the manifest; hidden aliases are not among them. */
  get commands(): readonly ManifestCommand[] {
    return (this.manifest ??= readManifest(join(this.program.root, 'oclif.manifest.json')));
  }

  get topics(): readonly Topic[] {
    return [...resourceTopics, ...otherTopics];
  }

  /** Every id and hidden alias of a command. */
  get commandIDs(): string[] {
    return this.commands.flatMap(({ id, hiddenAliases }) => [id, ...hiddenAliases]);
  }

  /** Itself, for oclif's classes, which ask for all of a configuration and use what is here. */
  get forOclif(): Config {
    return this as unknown as Config;
  }
}

function readManifest(path: string): readonly ManifestCommand[] {
  const { commands } = JSON.parse(readFileSync(path, 'utf8')) as {
    commands: Record<string, ManifestCommand>;
  };
  return Object.values(commands);
}
