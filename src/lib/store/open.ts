/** Opens the database file safely, and says in plain words why it cannot be opened or written. */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { CtlError } from '../errors.js';
import { APPLICATION_ID, migrate } from './migrations.js';
import { firstRow } from './rows.js';

const FILE = 'ctl.db';

/**
 * Opens `ctl.db` in a folder, both created when missing (0700, 0600), and brings it to the newest version.
 * Without a folder the database is in memory.
 *
 * @throws CtlError conflict: another daemon has it; permission: not readable or writable; usage: no store
 */
export function openDatabase(folder: string | undefined): { db: Database.Database; file: string } {
  const file = folder === undefined ? ':memory:' : prepareFile(folder);
  const db = new Database(file);
  try {
    // exec, not pragma(): a live statement would keep the lock after close. Before anything is read: a connection
    // that has read a WAL file shares it with others, and two daemons would serve one folder.
    db.exec('pragma locking_mode = exclusive');
    if (folder !== undefined) checkOwner(db, file);
    db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
    migrate(db, file);
    // From here on the lock is held, also while nothing is written.
    db.exec('begin exclusive; commit');
    return { db, file };
  } catch (error) {
    db.close();
    throw storeError(error, file);
  }
}

function prepareFile(folder: string): string {
  const file = join(folder, FILE);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // SQLite gives its WAL the permissions of the file, so these are set before it is opened.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    return file;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CtlError('permission', `the data directory ${folder} cannot be used: ${reason}`, {
      hint: 'give a folder that you may write to with --data-dir',
      cause: error,
    });
  }
}

/** Refuses a SQLite file of another program before anything in it is touched. */
function checkOwner(db: Database.Database, file: string): void {
  const owner = firstRow(db, 'pragma application_id')['application_id'];
  const objects = Number(firstRow(db, 'select count(*) as n from sqlite_master')['n']);
  if (owner === APPLICATION_ID || (owner === 0 && objects === 0)) return;
  throw notAStore(file, 'it is the SQLite database of another program');
}

const notAStore = (file: string, why: string): CtlError =>
  new CtlError('usage', `${file} is no store of ctl: ${why}`, {
    hint: 'give another folder with --data-dir, or restore the file from a backup',
  });

/** A database error in words of the store; any other error as it is. */
export function storeError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof CtlError) return error;
  const code = String((error as { code?: unknown }).code ?? '');
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new CtlError('conflict', `another daemon uses the data directory of ${file}`, {
      hint: 'stop it, or give another folder with --data-dir',
      cause: error,
    });
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return notAStore(file, error.message);
  if (/^SQLITE_(READONLY|PERM|CANTOPEN|AUTH)/.test(code))
    return new CtlError('permission', `${file} cannot be read and written: ${error.message}`, {
      hint: 'give a folder that you may write to with --data-dir',
      cause: error,
    });
  if (/^SQLITE_(FULL|IOERR)/.test(code))
    return new CtlError('unavailable', `${file} cannot be written: ${error.message}`, {
      hint: 'make room on its disk; nothing of this write was stored',
      cause: error,
    });
  return error;
}
