/** The flags that commands share; a group is added to the commands that do what it is about. */
import { Flags } from '@oclif/core';
import { formatNames } from './output/index.js';

export const globalFlags = {
  'no-color': Flags.boolean({ summary: 'print without colour', helpGroup: 'GLOBAL' }),
  'no-input': Flags.boolean({ summary: 'never ask, fail instead', helpGroup: 'GLOBAL' }),
  debug: Flags.boolean({ summary: 'show stack traces of errors', helpGroup: 'GLOBAL' }),
};

/** `-o` of a command with these formats. */
export const outputFlag = (formats: readonly string[]) =>
  Flags.string({
    char: 'o',
    summary: `format of the result: ${formats.join(', ')}`,
    helpValue: formats.join('|'),
    helpGroup: 'OUTPUT',
  });

export const outputFlags = {
  output: outputFlag(formatNames),
  json: Flags.boolean({ summary: 'same as -o json', exclusive: ['output'], helpGroup: 'OUTPUT' }),
  fields: Flags.string({ summary: 'show these fields only', helpValue: '<a,b>', helpGroup: 'OUTPUT' }),
  'no-headers': Flags.boolean({ summary: 'print without header line', helpGroup: 'OUTPUT' }),
};

export const connectionFlags = {
  endpoint: Flags.string({
    char: 'e',
    summary: 'address of the daemon [default: localhost:51908, or CTL_ENDPOINT]',
    helpValue: '<host:port>',
    helpGroup: 'CONNECTION',
  }),
  insecure: Flags.boolean({
    char: 'i',
    summary: 'no TLS to an address that is not loopback',
    helpGroup: 'CONNECTION',
  }),
  timeout: Flags.string({
    summary: 'longest wait for an answer, such as 500ms, 10s, 2m [default: 10s, or CTL_TIMEOUT]',
    helpValue: '<duration>',
    helpGroup: 'CONNECTION',
  }),
};

export const writeFlags = {
  message: Flags.string({ char: 'm', summary: 'why, for the history', helpValue: '<text>' }),
  'dry-run': Flags.boolean({ summary: 'show what would change, and change nothing' }),
};

export const revisionFlags = {
  'if-revision': Flags.string({
    summary: 'only if the configuration is still at this revision',
    helpValue: '<number>',
  }),
};
