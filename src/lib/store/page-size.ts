/** How many items a page may have. */
import { CtlError } from '../errors.js';

export const MAX_ITEMS = 1000;

/** The size of a page from what was asked for: absent or 0 is the most. @throws CtlError usage below 0 */
export function pageSizeOf(pageSize = 0): number {
  if (Number.isInteger(pageSize) && pageSize >= 0) return Math.min(pageSize || MAX_ITEMS, MAX_ITEMS);
  throw new CtlError('usage', `the page size is ${pageSize}: expected 0 or more`, {
    fields: [{ field: 'page_size', message: `is ${pageSize}: expected 0 or more` }],
  });
}
