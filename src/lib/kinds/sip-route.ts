import { defineKind, type DocumentOf } from './kind.js';

/** The catch-all is the one route whose only called value is `*`. */
export const isCatchAll = (route: { readonly called: readonly string[] }): boolean =>
  route.called.length === 1 && route.called[0] === '*';

export const sipRoute = defineKind({
  name: 'SipRoute',
  topic: 'sip-routes',
  noun: 'SIP route',
  summary: 'called values, in declared order, and the profile that each selects',
  fields: {
    called: {
      type: 'list',
      of: { type: 'text', summary: 'called value', min: 1, max: 323 },
      required: true,
      min: 1,
      summary: 'value that the called destination may have; * alone is the catch-all',
      example: '1000',
    },
    profileRef: {
      type: 'reference',
      to: 'Profile',
      required: true,
      owner: true,
      summary: 'profile it selects',
      example: 'main',
    },
    accessControlListRef: {
      type: 'reference',
      to: 'AccessControlList',
      guards: true,
      summary: 'addresses that may use the route',
      example: 'acl-01',
    },
    enabled: { type: 'boolean', summary: 'take part in routing', default: true },
  },
  keys: [],
  columns: ['name', 'called', 'profileRef', 'accessControlListRef', 'enabled'],
  example: { ref: 'concierge', name: 'concierge', called: ['1000', 'concierge'], profileRef: 'main' },
  check: (doc) =>
    doc.called.includes('*') && !isCatchAll(doc)
      ? [{ field: 'called', message: 'has "*" beside other values: expected the catch-all alone' }]
      : [],
  order: { last: isCatchAll },
});
export type SipRoute = DocumentOf<typeof sipRoute>;
