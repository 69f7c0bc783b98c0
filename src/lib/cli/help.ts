/** Help as oclif formats it, with a root page that says where to begin and what else can be asked. */
import { Help } from '@oclif/core';
import { CtlError } from '../errors.js';
import { nearest } from '../kinds/nearest.js';

const START = `GETTING STARTED
  $ ctl serve --ephemeral                     run a daemon to try things out
  $ ctl agents list                           what there is, for every kind of resource
  $ ctl route simulate 1002 --from 1001       what a call would do, and why

MORE HELP
  ctl help <command>      one command, with examples
  ctl help exit-codes     what the exit codes mean
  ctl help reasons        why a call can be rejected, and what warnings mean`;

export default class CtlHelp extends Help {
  override formatRoot(): string {
    return `${super.formatRoot()}\n\n${START}`;
  }

  /** @throws CtlError usage for a command that does not exist, with the nearest real ones */
  override async showHelp(argv: string[]): Promise<void> {
    const words = argv.filter((word) => !word.startsWith('-') && word !== 'help');
    let id = '';
    for (const word of words) {
      const next = id === '' ? word : `${id}:${word}`;
      if (!this.config.findCommand(next) && !this.config.findTopic(next)) break;
      id = next;
    }
    if (id === '' && words.length > 0) throw this.unknown(words[0]!);
    return super.showHelp(id === '' ? [] : [id]);
  }

  private unknown(word: string): CtlError {
    const names = new Set(
      [...this.config.commandIDs, ...this.config.topics.map(({ name }) => name)].map(
        (name) => name.split(':')[0]!,
      ),
    );
    const near = nearest(word, names);
    return new CtlError('usage', `there is no help on "${word}"`, {
      hint: near.length > 0 ? `Did you mean "ctl help ${near.join('" or "ctl help ')}"?` : 'See "ctl help".',
    });
  }
}
