/** Which configuration a proof is about: the daemon's, one of its revisions, or files; with files laid over it. */
import { Flags } from '@oclif/core';
import type { Client } from '../../api/client.js';
import type { Parsed } from '../../config/files/index.js';
import { CtlError } from '../../errors.js';
import type { TokenVerifier } from '../../routing/answer.js';
import type { Catalog } from '../../kinds/catalog.js';
import type { Engine } from '../../proof/engine.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { ClientCommand } from '../base.js';
import { readRevision } from '../input/revision.js';
import { readSecret } from '../input/secret.js';
import { processSources } from '../input/source.js';
import type { Terminal } from '../terminal.js';
import type { Places } from './places.js';

const paths = {
  helpValue: '<path>',
  helpGroup: 'CONFIGURATION',
  multiple: true,
  multipleNonGreedy: true,
} as const;

export const subjectFlags = {
  config: Flags.string({
    ...paths,
    summary: 'ask these files instead of a daemon; file or folder, repeatable',
    exclusive: ['revision'],
  }),
  with: Flags.string({
    ...paths,
    summary: 'lay these files over the configuration, as apply would; repeatable',
  }),
  revision: Flags.string({
    summary: 'the configuration of this revision [default: the newest]',
    helpValue: '<number>',
    helpGroup: 'CONFIGURATION',
  }),
  lenient: Flags.boolean({
    summary: 'warn about unknown keys instead of refusing them',
    helpGroup: 'CONFIGURATION',
  }),
  'connect-token-key': Flags.string({
    summary: 'public key (PEM) that connect tokens are verified with; a daemon has its own',
    helpValue: '<file>',
    helpGroup: 'CONFIGURATION',
  }),
};

/** A configuration to ask. */
export interface Origin {
  /** Files that are the whole of it; absent: the daemon's. */
  readonly files?: readonly string[] | undefined;
  /** What named the files, for errors; absent: `--config`. */
  readonly name?: string | undefined;
  /** The daemon's revision; 0 is the newest. */
  readonly revision: number;
  /** Files laid over it. */
  readonly over: readonly string[];
}

/** The flags that name it. */
export const wordsOf = ({ files = [], revision, over }: Origin): readonly string[] => [
  ...files.flatMap((path) => ['--config', path]),
  ...over.flatMap((path) => ['--with', path]),
  ...(revision === 0 ? [] : ['--revision', String(revision)]),
];

/** What a subject needs of its command. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly lenient: boolean;
  /** File of the key for tokens where no daemon verifies them. */
  readonly keyFile: string | undefined;
  /** Takes note of where resources stand in the files; absent where nobody will ask. */
  readonly places?: Places | undefined;
  client(): Promise<Client>;
}

/** A configuration that can be asked, by the daemon that has it or in this process. */
export class Subject {
  private local: Promise<Snapshot> | undefined;
  private verifying: Promise<TokenVerifier> | undefined;
  private overlay: Promise<readonly Parsed[]> | undefined;
  private revision: number;

  constructor(
    private readonly origin: Origin,
    private readonly around: Surroundings,
  ) {
    this.revision = origin.revision;
  }

  /**
   * The whole configuration in this process. A daemon's comes without secrets: compare no passwords with it.
   * @throws CtlError naming every problem of the files
   */
  snapshot(): Promise<Snapshot> {
    return (this.local ??= this.load());
  }

  /** Whoever decides calls on it: the daemon where it is a daemon's, at the revision that `snapshot` has. */
  async engine(): Promise<Engine> {
    if (this.origin.files) {
      const engineOf = await this.engines();
      return engineOf(await this.snapshot());
    }
    const { daemonEngine } = await import('./daemon-engine.js');
    return daemonEngine(await this.around.client(), this.revision, await this.over());
  }

  /** Makes engines in this process, of configurations that no daemon has. */
  async engines(): Promise<(snapshot: Snapshot) => Engine> {
    const { snapshotEngine } = await import('../../proof/engine.js');
    const verify = await (this.verifying ??= this.verifier());
    return (snapshot) => snapshotEngine(snapshot, verify, () => Date.now());
  }

  private async load(): Promise<Snapshot> {
    const { files, name = '--config' } = this.origin;
    const { Catalog } = await import('../../kinds/catalog.js');
    const { layOver } = await import('../../config/offline.js');
    const { Snapshot } = await import('../../routing/snapshot.js');
    const { kinds } = await import('../../kinds/index.js');
    const lay = (catalog: Catalog, documents: readonly Parsed[], flag: string) => {
      const laid = layOver(catalog, documents);
      if ('problems' in laid) throw wrong(flag, laid.problems);
      this.around.places?.noteDocuments(documents, laid.plan.changes);
      return laid.plan.catalog;
    };
    const base = files ? lay(Catalog.empty, await this.read(files, name), name) : await this.exported();
    const over = await this.over();
    const catalog = over.length > 0 ? lay(base, over, '--with') : base;
    // A path that is a slip would have no findings, no changes and nothing to refute, for ever.
    if (files && kinds.every((kind) => catalog.size(kind.name) === 0))
      throw new CtlError('usage', `the files of ${name} hold no resources`);
    return Snapshot.of(catalog);
  }

  private async exported() {
    const { catalogOf } = await import('./exported.js');
    const client = await this.around.client();
    const catalog = await this.around.terminal.progress('Fetching the configuration', (say) =>
      catalogOf(client, this.revision, (count) => say(`Fetched ${count.toLocaleString('en')} resources`)),
    );
    this.revision = catalog.revision;
    return catalog;
  }

  private over(): Promise<readonly Parsed[]> {
    return (this.overlay ??= this.read(this.origin.over, '--with'));
  }

  private async read(files: readonly string[], flag: string): Promise<readonly Parsed[]> {
    if (files.length === 0) return [];
    const { readDocuments } = await import('../config/documents.js');
    return readDocuments(files, flag, this.around);
  }

  private async verifier(): Promise<TokenVerifier> {
    const { keyFile } = this.around;
    const { readPublicKey, verifyConnectToken } = await import('../../api/connect-token.js');
    const pem =
      keyFile === undefined ? undefined : await readSecret(processSources, keyFile, '--connect-token-key');
    const key = pem === undefined ? undefined : readPublicKey(pem);
    return (jwt, at) => verifyConnectToken(jwt, key, at);
  }
}

const wrong = (flag: string, fields: CtlError['fields']): CtlError =>
  new CtlError(
    'usage',
    `the files of ${flag} cannot be used: ${fields.length} ${fields.length === 1 ? 'problem' : 'problems'}`,
    {
      fields,
      ...(flag !== '--with' && {
        hint: `${flag} is a whole configuration; files with a part of one are laid over it by --with.`,
      }),
    },
  );

/** A command about one configuration, with the flags of `subjectFlags`. */
export class SubjectCommand extends ClientCommand {
  private given: Subject | undefined;

  /** The configuration that the flags name. */
  protected get subject(): Subject {
    return (this.given ??= this.subjectOf(this.origin));
  }

  protected get origin(): Origin {
    return {
      files: this.texts('config').length > 0 ? this.texts('config') : undefined,
      revision: readRevision(this.text('revision'), '--revision'),
      over: this.texts('with'),
    };
  }

  /** The same flags, for a command line that asks about the same configuration. */
  protected get subjectWords(): readonly string[] {
    return wordsOf(this.origin);
  }

  protected get around(): Surroundings {
    return {
      terminal: this.terminal,
      lenient: this.on('lenient'),
      keyFile: this.text('connect-token-key'),
      client: () => this.client(),
    };
  }

  protected subjectOf(origin: Origin): Subject {
    return new Subject(origin, this.around);
  }
}
