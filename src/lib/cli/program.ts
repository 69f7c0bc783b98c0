/** What the program consists of, put together when it is bundled: nothing is looked for on disk to run a command. */
import type { Interfaces } from '@oclif/core';
import type { BaseCommand } from './base.js';

export interface CommandEntry {
  /** `agents:list`, also where the entry stands under the alias `agents:ls`. */
  readonly id: string;
  load(): Promise<{ readonly default: typeof BaseCommand }>;
}

export interface Program {
  /** Folder of the package. */
  readonly root: string;
  /** What package.json says: name, version, description and the section about oclif. */
  readonly pjson: Interfaces.PJSON;
  /** The commands that can be run, by id and by alias. */
  readonly commands: Readonly<Record<string, CommandEntry>>;
}

/** The words of a command line before its first flag. */
export function leadingWords(argv: readonly string[]): readonly string[] {
  const end = argv.findIndex((word) => word.startsWith('-'));
  return end < 0 ? argv : argv.slice(0, end);
}

/** What words begin with: as many of them as name something, as an id, and the words behind. */
export interface Named {
  /** `agents:create`, `agents`, or nothing. */
  readonly id: string;
  readonly rest: readonly string[];
}

/** The longest id of a command, or of a topic, that the words begin with. */
export function longestId(words: readonly string[], ids: readonly string[]): Named {
  let [id, length] = ['', 0];
  for (const word of words) {
    const next = id === '' ? word : `${id}:${word}`;
    if (!ids.some((known) => known === next || known.startsWith(`${next}:`))) break;
    [id, length] = [next, length + 1];
  }
  return { id, rest: words.slice(length) };
}
