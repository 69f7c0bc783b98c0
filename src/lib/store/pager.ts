/** One page of a list, read in steps so that a long search does not hold up other calls. */
import type Database from 'libsql';
import { kindOf } from '../kinds/index.js';
import { type Document, type Fields, type Json, type Resource, isSecret } from '../kinds/kind.js';
import { conditionOf, type Order, orderOf } from './query.js';
import { pageSizeOf } from './page-size.js';
import { COLUMNS, pageTokenKey, type Row, toResource } from './rows.js';
import type { ListQuery, Page } from './store.js';
import { type Cursor, PageTokens } from './token.js';

const MAX_BYTES = 2 * 1024 * 1024;
/** Rows read in one step. */
const STEP = 250;

type SortedRow = Row & { readonly sort_key: string | number };

export class Pager {
  private readonly items: Resource[] = [];
  private readonly size: number;
  private readonly order: Order;
  private readonly tokens: PageTokens;
  private readonly fingerprint: string;
  private cursor: Cursor | undefined;
  private bytes = 0;
  private more = false;

  /** @throws CtlError usage for a query that cannot be */
  constructor(
    private readonly db: Database.Database,
    private readonly query: ListQuery,
  ) {
    const { kind, filters = [], sort = '', search = '', pageSize, pageToken } = query;
    this.size = pageSizeOf(pageSize);
    this.order = orderOf(query);
    this.tokens = new PageTokens(pageTokenKey(db));
    this.fingerprint = JSON.stringify([
      kind,
      filters.map(({ field, value }) => [field, value]),
      sort,
      search,
    ]);
    if (pageToken) this.cursor = this.tokens.open(this.fingerprint, pageToken);
  }

  /** Reads on. True when the page is complete. */
  advance(): boolean {
    const condition = conditionOf(this.query, this.order, this.cursor);
    const direction = this.order.down ? 'desc' : 'asc';
    const rows = this.db
      .prepare(
        `select ${COLUMNS}, ${this.order.key.text} as sort_key from resource where ${condition.text}
         order by sort_key ${direction}, seq ${direction} limit ${STEP}`,
      )
      .all(...this.order.key.values, ...condition.values) as SortedRow[];
    for (const row of rows) if (!this.add(row)) return true;
    return rows.length < STEP;
  }

  get page(): Page {
    return {
      items: this.items,
      nextPageToken: this.more ? this.tokens.seal(this.fingerprint, this.cursor!) : '',
    };
  }

  /** False when the row belongs on the next page. */
  private add(row: SortedRow): boolean {
    const resource = toResource(row);
    const search = this.query.search?.toLowerCase();
    if (!search || contains(resource, search)) {
      const bytes = this.query.measure?.(resource) ?? Buffer.byteLength(row.document);
      if (this.items.length >= this.size || (this.items.length > 0 && this.bytes + bytes > MAX_BYTES)) {
        this.more = true;
        return false;
      }
      this.items.push(resource);
      this.bytes += bytes;
    }
    this.cursor = [row.sort_key, row.seq];
    return true;
  }
}

/** Whether the ref or the text of a field that is no secret contains lower-case text. */
function contains({ kind, ref, doc }: Resource, search: string): boolean {
  const has = (value: Json | undefined): boolean => {
    if (typeof value === 'string') return value.toLowerCase().includes(search);
    return typeof value === 'object' && value !== null && Object.values(value).some(has);
  };
  const fieldsHave = (fields: Fields, values: Document): boolean =>
    Object.entries(fields).some(([name, field]) => !isSecret(field) && has(values[name]));
  return ref.toLowerCase().includes(search) || fieldsHave(kindOf(kind).fields, doc);
}
