/** How connect tokens look. */
import type { InspectedToken, SignedToken } from '../../api/connect-token.js';
import type { Json } from '../../kinds/kind.js';
import { recordView } from '../output/record.js';
import type { View } from '../output/view.js';

const fields = recordView(['token', 'claims', 'expiresAt']);

/** A fresh token: alone where a person or a shell variable takes it, with its claims in other formats. */
export const tokenView: View<SignedToken> = {
  columns: fields.columns as unknown as View<SignedToken>['columns'],
  document: (item) => ({ ...item, claims: { ...item.claims } }) as unknown as Json,
  prose: async ({ token }) => `${token}\n`,
};

const inspected = recordView(['state', 'reason', 'algorithm', 'issuedAt', 'expiresAt', 'claims']);

export const inspectView: View<InspectedToken> = {
  columns: inspected.columns as unknown as View<InspectedToken>['columns'],
  document: (item) => inspected.document(item as never),
};
