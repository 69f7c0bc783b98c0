/** Reads the change log: its revisions, and what they changed. */
import type Database from 'libsql';
import { pageSizeOf } from './page-size.js';
import { type ChangeRow, pageTokenKey, toLogged } from './rows.js';
import type { ChangeRange, HistoryPage, HistoryQuery, LoggedChange, RevisionRecord } from './store.js';
import { PageTokens } from './token.js';

/** Entries read in one step. */
const SLICE = 500;

const REVISION = 'revision, at, who, message, created, updated, deleted';

export class ChangeLog {
  constructor(private readonly db: Database.Database) {}

  /** The next entries of a range behind a place in it, oldest first; none when there are no more. */
  slice(range: ChangeRange, behind: { revision: number; seq: number } | undefined): LoggedChange[] {
    const { above, upTo, kind, ref, from = 0 } = range;
    const { revision, seq } = behind ?? { revision: above + 1, seq: from - 1 };
    const only = [kind === undefined ? '' : 'and kind = ?', ref === undefined ? '' : 'and ref = ?'];
    const rows = this.db
      .prepare(
        `select revision, seq, kind, ref, before, after from change
         where (revision, seq) > (?, ?) and revision <= ? ${only.join(' ')}
         order by revision, seq limit ${SLICE}`,
      )
      .all(revision, seq, upTo, ...[kind, ref].filter((value) => value !== undefined)) as ChangeRow[];
    return rows.map(toLogged);
  }

  /** A page of revisions, newest first. @throws CtlError usage for a size or token that cannot be */
  page({ of, pageSize, pageToken }: HistoryQuery): HistoryPage {
    const size = pageSizeOf(pageSize);
    const tokens = new PageTokens(pageTokenKey(this.db));
    const fingerprint = JSON.stringify(['history', of?.kind, of?.ref]);
    const from = pageToken ? tokens.open(fingerprint, pageToken)[1] : Number.MAX_SAFE_INTEGER;
    const only = of ? 'and revision in (select revision from change where kind = ? and ref = ?)' : '';
    const revisions = this.db
      .prepare(`select ${REVISION} from revision where revision < ? ${only} order by revision desc limit ?`)
      .all(from, ...(of ? [of.kind, of.ref] : []), size + 1) as RevisionRecord[];
    if (revisions.length <= size) return { revisions, nextPageToken: '' };
    revisions.pop();
    const nextPageToken = tokens.seal(fingerprint, ['', revisions.at(-1)!.revision]);
    return { revisions, nextPageToken };
  }

  revision(revision: number): RevisionRecord | undefined {
    return this.db.prepare(`select ${REVISION} from revision where revision = ?`).get(revision) as
      RevisionRecord | undefined;
  }
}
