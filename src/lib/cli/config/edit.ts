/** `ctl edit`: a resource in the editor, as a document. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Args } from '@oclif/core';
import { Operation_Action } from '../../api/generated/v1/ctl.js';
import { CtlError } from '../../errors.js';
import { type Kind, isSecret } from '../../kinds/kind.js';
import { connectionFlags, globalFlags, writeFlags } from '../flags.js';
import { readDocument } from '../input/document.js';
import { renameFields } from '../input/problems.js';
import { processSources } from '../input/source.js';
import { errorText } from '../output/errors.js';
import { documentOf, type Row } from '../output/resource.js';
import { rowOf } from '../rows.js';
import { example } from '../verbs/examples.js';
import { ResourceCommand } from '../verbs/resource.js';
import { operation } from '../../api/requests.js';
import { kindNamed } from './kind-named.js';

export class EditCommand extends ResourceCommand {
  static override summary = 'change a resource in your editor';
  static override description =
    'Opens it in $VISUAL or $EDITOR. Unchanged: nothing is sent. An error opens the file again, with the message as a comment. A change that somebody else made meanwhile is not overwritten.';
  static override args = {
    kind: Args.string({ description: 'kind, such as agents' }),
    key: Args.string({ description: 'ref or natural key' }),
  };
  static override flags = { ...writeFlags };
  static override baseFlags = { ...connectionFlags, ...globalFlags };
  static override examples = [example('Edit an agent', 'edit agents 1001@sip.local')];

  private edited: Kind | undefined;

  protected override get kind(): Kind {
    return this.edited!;
  }

  protected override async execute(): Promise<void> {
    const [name, key] = this.positional;
    if (name === undefined || key === undefined)
      throw new CtlError('usage', 'missing the kind and the ref of what to edit', {
        hint: 'Such as: ctl edit agents 1001@sip.local',
      });
    const editor = process.env['VISUAL'] || process.env['EDITOR'];
    if (!editor)
      throw new CtlError('usage', 'no editor is set', { hint: 'Set one, such as: export EDITOR=vi' });
    this.edited = kindNamed(name);
    const client = await this.client();
    const row = rowOf(await client.get(this.kind.name, key));
    const folder = await mkdtemp(join(tmpdir(), 'ctl-edit-'));
    try {
      await this.rounds(row, join(folder, `${row.ref}.yaml`), editor);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Opens the editor until what it leaves is unchanged, or is written. */
  private async rounds(row: Row, path: string, editor: string): Promise<void> {
    const { stringify } = await import('yaml');
    const original = stringify(editable(row), { lineWidth: 0 });
    let text = original;
    let failure: CtlError | undefined;
    for (;;) {
      await writeFile(path, text, { mode: 0o600 });
      await open(editor, path);
      const left = await readFile(path, 'utf8');
      const bare = withoutComments(left);
      if (bare === withoutComments(original)) return this.terminal.confirm('Nothing was changed.');
      // Left as it was, with its error: whoever edits has given up.
      if (failure && bare === withoutComments(text)) throw failure;
      try {
        return await this.save(row, path);
      } catch (error) {
        if (!(error instanceof CtlError) || error.code !== 'usage') throw error;
        failure = error;
        const comment = errorText(error)
          .trimEnd()
          .split('\n')
          .map((line) => `# ${line}`);
        text = `${comment.join('\n')}\n${bare}`;
      }
    }
  }

  private async save(row: Row, path: string): Promise<void> {
    const file = await readDocument(processSources, path, row.kind);
    const gone = Object.keys(row.doc).filter(
      (name) => !(name in file.doc) && row.kind.fields[name] && !isSecret(row.kind.fields[name]),
    );
    const update = operation({
      action: Operation_Action.UPDATE,
      kind: row.kind.name,
      key: row.ref,
      document: JSON.stringify(file.doc),
      clear: [...new Set([...gone, ...file.clear])],
      expectedRevision: row.revision,
    });
    const changes = await this.write([update]).catch((error: unknown) => {
      throw error instanceof CtlError
        ? renameFields(error, (field) => file.where(field).replace(path, 'line'))
        : error;
    });
    await this.tell(changes);
  }
}

/** The document without what only the daemon writes. */
function editable(row: Row): object {
  const {
    createdAt: _created,
    updatedAt: _updated,
    revision: _revision,
    position: _position,
    ...rest
  } = documentOf(row);
  return rest;
}

const withoutComments = (text: string): string => text.replace(/^#.*\n/gm, '');

/** Runs the editor in this terminal. @throws CtlError usage when it fails */
function open(editor: string, path: string): Promise<void> {
  // Through a shell, because $EDITOR may have arguments; the path is one of its own.
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'ctl-edit', path], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new CtlError('usage', `the editor ended with ${code}: nothing was written`)),
    );
  });
}
