/** `ctl connect-tokens create`: the token with which an agent reaches a peer (seed "agent-to-peer"). */
import { Flags } from '@oclif/core';
import type { Client } from '../../api/client.js';
import { signConnectToken } from '../../api/connect-token.js';
import { CtlError } from '../../errors.js';
import { ClientCommand } from '../base.js';
import { parseDuration } from '../duration.js';
import { outputFlags } from '../flags.js';
import { readSecret } from '../input/secret.js';
import { processSources } from '../input/source.js';
import { rowOf } from '../rows.js';
import { example } from '../verbs/examples.js';

const REQUIRED = ['agent', 'peer', 'signing-key'];

export class CreateTokenCommand extends ClientCommand {
  static override summary = 'create a token with which an agent reaches a peer';
  static override description =
    'Signs a JWT with RS256 or ES256, as the key says. The daemon verifies it with the public key of "ctl serve --connect-token-key". Whoever has the token can place the call until it expires.';
  static override flags = {
    agent: Flags.string({ summary: '(required) agent that calls: ref or user@domain', helpValue: '<agent>' }),
    peer: Flags.string({
      summary: '(required) peer that it may reach: ref, username or aor',
      helpValue: '<peer>',
    }),
    'signing-key': Flags.string({ summary: '(required) private key, PEM; - for stdin', helpValue: '<file>' }),
    expires: Flags.string({ summary: 'how long it is valid [default: 1h]', helpValue: '<duration>' }),
    method: Flags.string({
      summary: 'SIP method that it allows; repeatable [default: INVITE]',
      multiple: true,
      multipleNonGreedy: true,
    }),
    ...outputFlags,
  };
  static override examples = [
    example(
      'Let an agent reach a peer for an hour',
      'connect-tokens create --agent 1001@sip.local --peer asterisk --signing-key private.pem --expires 1h',
    ),
  ];

  protected override async execute(): Promise<void> {
    const missing = REQUIRED.filter((flag) => this.text(flag) === undefined);
    if (missing.length > 0)
      throw new CtlError(
        'usage',
        `cannot create the token: missing ${missing.map((flag) => `--${flag}`).join(', ')}`,
        {
          hint: 'See "ctl connect-tokens create --help".',
        },
      );
    const expires = parseDuration(this.text('expires') ?? '1h', '--expires');
    const { tokenView } = await import('./view.js');
    const printer = this.printer(tokenView);
    const key = await readSecret(processSources, this.text('signing-key')!, '--signing-key');
    const methods = this.texts('method').map((method) => method.toUpperCase());
    const claims = await this.claims(await this.client(), methods.length > 0 ? methods : ['INVITE']);
    await printer.one(await signConnectToken(claims, key, expires));
  }

  /** Claims as Routr's documentation shows them, from the agent, its domain and the peer. */
  private async claims(client: Client, allowedMethods: string[]) {
    const [agent, peer] = (
      await Promise.all([client.get('Agent', this.text('agent')!), client.get('Peer', this.text('peer')!)])
    ).map(rowOf) as [ReturnType<typeof rowOf>, ReturnType<typeof rowOf>];
    const domainRef = agent.doc['domainRef'] as string | undefined;
    if (domainRef === undefined)
      throw new CtlError(
        'conflict',
        `agent ${agent.ref} belongs to no domain, so that no call of it can be checked`,
        {
          hint: `Give it one: ctl agents update ${agent.ref} --domain sip.local`,
        },
      );
    const domain = rowOf(await client.get('Domain', domainRef)).doc['domainUri'] as string;
    return {
      ref: agent.ref,
      domainRef,
      aor: `sip:${String(agent.doc['username'])}@${domain}`,
      aorLink: String(peer.doc['aor']),
      domain,
      privacy: agent.doc['privacy'] as 'PRIVATE' | 'NONE',
      allowedMethods,
    };
  }
}
