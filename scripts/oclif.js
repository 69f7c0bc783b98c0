/**
 * What commands use of @oclif/core, for the bundles: its own index also loads what finds plugins and checks versions.
 */
export * as Args from '@oclif/core/args';
export { Command } from '@oclif/core/command';
export * as Flags from '@oclif/core/flags';
