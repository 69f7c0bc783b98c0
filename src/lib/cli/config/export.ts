/** `ctl export`: the configuration as files that apply takes back unchanged. */
import { Args, Flags } from '@oclif/core';
import { connectionFlags, globalFlags } from '../flags.js';
import { CtlError } from '../../errors.js';
import { didYouMean } from '../../kinds/nearest.js';
import { ClientCommand } from '../base.js';
import { collect } from '../collect.js';
import { parseRevision } from '../input/revision.js';
import { rowOf } from '../rows.js';
import { kindNamed } from './kind-named.js';
import { example } from '../verbs/examples.js';

const FORMATS = ['yaml', 'json', 'toml', 'routr', 'voxtronics'] as const;

export class ExportCommand extends ClientCommand {
  static override summary = 'print the configuration as files that apply takes back';
  static override description =
    'Everything, or kinds, or single resources (agents/agent-01). The order is stable and repeated exports are byte-identical. Secrets are left out with a marker that apply understands as "keep", unless --reveal.';
  static override strict = false;
  static override args = {
    what: Args.string({
      description: 'kinds (agents) or resources (agents/1001@sip.local) [default: everything]',
      required: false,
    }),
  };
  static override flags = {
    format: Flags.string({
      summary: `format: ${FORMATS.join(', ')} [default: yaml]`,
      helpValue: FORMATS.join('|'),
    }),
    revision: Flags.string({ summary: 'of this revision [default: the newest]', helpValue: '<number>' }),
    reveal: Flags.boolean({ summary: 'include secrets' }),
  };
  static override baseFlags = { ...connectionFlags, ...globalFlags };
  static override examples = [
    example('Everything into a file', 'export > config.yaml'),
    example('Domains and agents as TOML', 'export domains agents --format toml'),
    example("For Voxtronics' own files", 'export --format voxtronics'),
  ];

  protected override async execute(): Promise<void> {
    const format = FORMATS.find((name) => name === (this.text('format') ?? 'yaml').toLowerCase());
    if (!format) throw unknownFormat(this.text('format')!);
    const reveal = this.on('reveal');
    const revision = this.text('revision');
    const client = await this.client();
    const resources = client.export({
      ...selection(this.positional),
      revision: revision === undefined ? 0 : parseRevision(revision, '--revision'),
      reveal,
    });
    const rows = async function* () {
      for await (const resource of resources) yield rowOf(resource);
    };
    const files = await import('../../config/files/write.js');
    if (format === 'routr' || format === 'voxtronics') {
      const all = await collect(rows());
      const { text, notes } =
        format === 'routr' ? files.writeRoutr(all, { reveal }) : files.writeVoxtronics(all);
      await this.terminal.out.write(text);
      for (const note of notes) await this.terminal.warn(note);
      return;
    }
    for await (const text of files.writeDocuments(rows(), format, { reveal }))
      await this.terminal.out.write(text);
  }
}

function unknownFormat(text: string): CtlError {
  const message = `${JSON.stringify(text)} is no format${didYouMean(text, FORMATS)}`;
  return new CtlError('usage', `--format ${message}`, {
    hint: `Formats: ${FORMATS.join(', ')}.`,
    fields: [{ field: '--format', message }],
  });
}

/** Kinds and resources that words name. @throws CtlError usage */
export function selection(words: readonly string[]): {
  kinds: string[];
  keys: { kind: string; key: string }[];
} {
  const chosen = { kinds: [] as string[], keys: [] as { kind: string; key: string }[] };
  for (const word of words) {
    const slash = word.indexOf('/');
    const { name } = kindNamed(slash < 0 ? word : word.slice(0, slash));
    if (slash < 0) chosen.kinds.push(name);
    else chosen.keys.push({ kind: name, key: word.slice(slash + 1) });
  }
  return chosen;
}
