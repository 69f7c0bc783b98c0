/**
 * Page tokens: where the next page starts, sealed with the query they belong to. A token of another query, a
 * changed one or one that was never given does not open.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { CtlError } from '../errors.js';

const SEAL_BYTES = 16;

/** Where a page ends: the sort value and creation number of its last item. */
export type Cursor = readonly [value: string | number, seq: number];

export class PageTokens {
  constructor(private readonly key: string) {}

  seal(query: string, cursor: Cursor): string {
    const payload = Buffer.from(JSON.stringify(cursor));
    return Buffer.concat([this.mac(query, payload), payload]).toString('base64url');
  }

  /** @throws CtlError usage for a token that was not given for this query */
  open(query: string, token: string): Cursor {
    const bytes = Buffer.from(token, 'base64url');
    const payload = bytes.subarray(SEAL_BYTES);
    if (bytes.length > SEAL_BYTES && timingSafeEqual(bytes.subarray(0, SEAL_BYTES), this.mac(query, payload)))
      return JSON.parse(payload.toString()) as unknown as Cursor;
    throw new CtlError('usage', 'the page token is not one that was given for this query', {
      hint: 'start again without a page token',
      fields: [{ field: 'page_token', message: 'is not one that was given for this query' }],
    });
  }

  private mac(query: string, payload: Buffer): Buffer {
    return createHmac('sha256', this.key)
      .update(query)
      .update('\0')
      .update(payload)
      .digest()
      .subarray(0, SEAL_BYTES);
  }
}
