import { Flags } from '@oclif/core';
import { type Kind, isSecret } from '../../kinds/kind.js';
import { connectionFlags, globalFlags, outputFlags } from '../flags.js';
import { resourceView } from '../output/resource.js';
import { rowOf } from '../rows.js';
import { example } from './examples.js';
import { exampleKey, keyArg, ResourceCommand } from './resource.js';

/** `ctl <kinds> get KEY`. */
export function getCommand(kind: Kind): typeof ResourceCommand {
  const secret = Object.values(kind.fields).some(isSecret);
  return class extends ResourceCommand {
    static override summary = `show one ${kind.noun}`;
    static override hiddenAliases = [`${kind.topic}:show`];
    static override args = { key: keyArg(kind) };
    static override flags = {
      ...(secret && { reveal: Flags.boolean({ summary: 'show the password, which is masked otherwise' }) }),
      ...outputFlags,
    };
    static override baseFlags = { ...connectionFlags, ...globalFlags };
    static override examples = [
      example(`Show ${kind.noun} ${exampleKey(kind)}`, `${kind.topic} get ${exampleKey(kind)}`),
      example('As a document that feeds create -f', `${kind.topic} get ${kind.example.ref} --output yaml`),
    ];

    protected override get kind() {
      return kind;
    }

    protected override async execute(): Promise<void> {
      const reveal = this.on('reveal');
      const key = this.key();
      const printer = this.printer(resourceView(kind, { reveal }));
      const client = await this.client();
      await printer.one(
        rowOf(await this.terminal.progress('Reading', () => client.get(kind.name, key, reveal))),
      );
    }
  };
}
