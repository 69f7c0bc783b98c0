/** `ctl connect-tokens inspect`: what a token says, and whether it would be accepted. */
import { Args, Flags } from '@oclif/core';
import { inspectConnectToken } from '../../api/connect-token.js';
import { CtlError } from '../../errors.js';
import { BaseCommand } from '../base.js';
import { outputFlags } from '../flags.js';
import { readSecret } from '../input/secret.js';
import { processSources } from '../input/source.js';
import { example } from '../verbs/examples.js';

export class InspectTokenCommand extends BaseCommand {
  static override summary = 'show what a connect token says, and whether it is valid';
  static override description =
    'Exit code 0: the token is well formed, not expired, and its signature fits the key if one is given; 1: it is not.';
  static override args = {
    token: Args.string({ description: 'the token; - or nothing reads stdin', required: false }),
  };
  static override flags = {
    key: Flags.string({ summary: 'public key (PEM) to verify the signature with', helpValue: '<file>' }),
    ...outputFlags,
  };
  static override examples = [
    example('Show the claims', 'connect-tokens inspect "$TOKEN"'),
    example('Verify the signature as well', 'connect-tokens inspect - --key public.pem < token.txt'),
  ];

  protected override async execute(): Promise<void> {
    const { inspectView } = await import('./view.js');
    const printer = this.printer(inspectView);
    const [given = '-'] = this.positional;
    if (given === '-' && process.stdin.isTTY)
      throw new CtlError('usage', 'missing the token', {
        hint: 'Such as: ctl connect-tokens inspect "$TOKEN"',
      });
    const token = given === '-' ? await readSecret(processSources, '-', 'TOKEN') : given;
    const path = this.text('key');
    const key = path === undefined ? undefined : await readSecret(processSources, path, '--key');
    const found = await inspectConnectToken(token.trim(), key, Date.now());
    await printer.one(found);
    if (found.state !== 'valid' && found.state !== 'unverified') process.exitCode = 1;
  }
}
