/** Which syntax a file has. The name decides, and for stdin and other names the content does. */
import { quickJson, splitJson } from './json.js';
import { loadToml } from './toml.js';
import type { Syntax } from './types.js';
import { loadYaml } from './yaml.js';
import { quickYaml } from './yaml-quick.js';
import { splitYaml } from './yaml-split.js';

/** Names of files that a folder is searched for. */
export const FILE_NAME = /\.(?:yaml|yml|json|jsonl|ndjson|toml)$/i;

/** A table's header, or a bare key with its value, on the first line that says something. */
const TOML_START = /^\s*(?:#[^\n]*\n\s*)*(?:\[\[?[^[\]\n{}:,]+\]\]?[ \t]*(?:#|\r?\n|$)|[\w."-]+[ \t]*=)/;
const JSON_START = /^\s*[[{]/;

const isToml = (path: string, text: string): boolean =>
  /\.toml$/i.test(path) || (!FILE_NAME.test(path) && TOML_START.test(text));

/** The syntaxes that a file may have, to be tried in their order. Only one that is needed is loaded. */
export class Syntaxes {
  private toml: Syntax | undefined;
  private yaml: readonly Syntax[] | undefined;

  async of(path: string, text: string): Promise<readonly Syntax[]> {
    if (isToml(path, text)) return [(this.toml ??= await loadToml())];
    const [json, yaml] = (this.yaml ??= await loadBoth());
    return JSON_START.test(text) ? [json!, yaml!] : [yaml!];
  }
}

/** JSON is YAML where it has a problem: the parser with places is the same. */
async function loadBoth(): Promise<readonly Syntax[]> {
  const parse = await loadYaml();
  const json: Syntax = {
    parse,
    split: splitJson,
    quick(text) {
      const value = quickJson(text);
      return value === undefined ? undefined : [value];
    },
  };
  return [json, { parse, split: splitYaml, quick: quickYaml }];
}
