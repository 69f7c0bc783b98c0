/**
 * The pages of help: what oclif makes of the manifest, in the order in which a person looks for things, legible at 80
 * columns.
 */
import { stripVTControlCharacters } from 'node:util';
import type { Command } from '@oclif/core';
import { CommandHelp, Help } from '@oclif/core/help';
import type { ProgramConfig } from './oclif-config.js';
import { unknownCommand } from './parse-errors.js';
import { longestId } from './program.js';
import type { Output } from './terminal.js';
import { otherTopics, resourceTopics, type Topic } from './topics.js';

const START = `GETTING STARTED
  $ ctl serve --ephemeral                run a daemon to try things out
  $ ctl agents list                      what there is, for any kind of resource
  $ ctl route simulate 1002 --from 1001  what a call would do, and why

MORE HELP
  $ ctl help agents create               one command, with examples
  $ ctl help exit-codes                  what the exit codes mean
  $ ctl help reasons                     why calls are rejected; warnings
`;

/**
 * The page about the command or topic that the words begin with; without words, the root page.
 * @throws CtlError usage for a command that does not exist, with the nearest real ones
 */
export function helpPage(
  config: ProgramConfig,
  words: readonly string[],
  { width, color }: Pick<Output, 'width' | 'color'>,
): string {
  const { id, rest } = longestId(words, config.commandIDs);
  const pages = new Pages(config.forOclif, {
    maxWidth: Math.max(width, 40),
    stripAnsi: !color,
    flagSortOrder: 'none',
  });
  const command = config.commands.find((one) => one.id === id || one.hiddenAliases.includes(id));
  if (command) return pages.ofCommand(command);
  if (rest.length > 0) throw unknownCommand(words, config);
  return id === '' ? pages.root() : pages.ofTopic(config.topics.find(({ name }) => name === id)!);
}

/** oclif compiles each text as a template, which takes longer than all else; few of ours are one. */
const ifTemplate =
  (render: (text: string) => string) =>
  (text: string): string =>
    text.includes('<%') ? render(text) : text;

class Pages extends Help {
  protected override CommandHelpClass = CommandPage;

  constructor(...options: ConstructorParameters<typeof Help>) {
    super(...options);
    this.render = ifTemplate(this.render);
  }

  root(): string {
    const { pjson } = this.config;
    return [
      pjson['description'],
      this.section('USAGE', '$ ctl <command> [flags]'),
      this.topics('RESOURCES', resourceTopics),
      this.topics('TOPICS', otherTopics),
      this.formatCommands(this.below('')),
      START,
    ].join('\n\n');
  }

  ofTopic({ name, description }: Topic): string {
    return [
      description,
      this.section('USAGE', `$ ctl ${name} <command> [flags]`),
      this.formatCommands(this.below(name)),
      `See "ctl help ${name} <command>" for the flags and examples of one.\n`,
    ].join('\n\n');
  }

  ofCommand(command: Command.Loadable): string {
    const below = this.below(command.id);
    const more = below.length === 0 ? '' : `\n${this.formatCommands(below)}\n`;
    return `${command.summary}\n\n${this.formatCommand(command)}\n${more}`;
  }

  /** The commands directly below a topic or command, by name. */
  private below(name: string): Command.Loadable[] {
    const parent = (id: string): string => id.split(':').slice(0, -1).join(':');
    return this.config.commands
      .filter(({ id, hidden }) => !hidden && parent(id) === name)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private topics(header: string, topics: readonly Topic[]): string {
    return this.section(
      header,
      topics.map(({ name, description }): [string, string] => [name, description]),
    );
  }
}

/** Groups of flags in the order in which they are shown, behind the command's own. */
const GROUPS = ['OUTPUT', 'CONNECTION', 'GLOBAL'];

/** Columns of the widest name of a flag that has its meaning beside it; wider ones have it below. */
const WIDEST = 30;

class CommandPage extends CommandHelp {
  constructor(...options: ConstructorParameters<typeof CommandHelp>) {
    super(...options);
    this.render = ifTemplate(this.render);
  }

  /**
   * Without the flags, which are listed below. No argument is required as far as the parser knows, since we say what is
   * missing; those that really are not say `required: false`.
   */
  protected override defaultUsage(): string {
    return [this.command.id, ...Object.values(this.command.args).map((arg) => this.arg(arg)), '[flags]'].join(
      ' ',
    );
  }

  protected override args(args: Command.Arg.Any[]): [string, string | undefined][] | undefined {
    return args.length === 0 ? undefined : args.map((arg) => [this.arg(arg), arg.description]);
  }

  protected override arg({ name, required }: Command.Arg.Any): string {
    const text = `${name.toUpperCase()}${this.command.strict === false ? '...' : ''}`;
    return required === false ? `[${text}]` : text;
  }

  /** The description alone: the summary heads the page. */
  protected override description(): string | undefined {
    const { description } = this.command;
    return description && this.wrap(description);
  }

  /** Required flags first; else the order in which the command declares them. */
  protected override groupFlags(flags: Command.Flag.Any[]): ReturnType<CommandHelp['groupFlags']> {
    const required = (flag: Command.Flag.Any): boolean => flag.summary?.startsWith('(required)') === true;
    const { mainFlags, flagGroups } = super.groupFlags(flags);
    const sorted = [...mainFlags.filter(required), ...mainFlags.filter((flag) => !required(flag))];
    const names = [...new Set([...GROUPS, ...Object.keys(flagGroups)])].filter((name) => flagGroups[name]);
    return {
      mainFlags: sorted,
      flagGroups: Object.fromEntries(names.map((name) => [name, flagGroups[name]!])),
    };
  }

  /** Two columns: oclif's left one is as wide as the widest name, whatever remains for the right one. */
  override renderList(rows: (string | undefined)[][], { indentation }: { indentation: number }): string {
    const widthOf = (text: string): number => stripVTControlCharacters(text).length;
    const narrow = rows.map(([name = '']) => widthOf(name)).filter((width) => width <= WIDEST);
    const column = Math.max(...narrow, 8) + 2;
    return rows
      .flatMap(([name = '', text = '']) => {
        const lines = this.wrap(text, indentation + column).split('\n');
        const beside =
          widthOf(name) <= column - 2 ? `${name}${' '.repeat(column - widthOf(name))}${lines.shift()}` : name;
        return [beside, ...lines.map((line) => `${' '.repeat(column)}${line}`)];
      })
      .join('\n');
  }
}
