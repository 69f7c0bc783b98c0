import { defineKind, type DocumentOf } from './kind.js';

const entry = { type: 'text', summary: 'address or network', max: 43, format: 'cidr' } as const;

export const acl = defineKind({
  name: 'AccessControlList',
  topic: 'acls',
  noun: 'access control list',
  summary: 'source addresses that may or may not send calls',
  fields: {
    allow: {
      type: 'list',
      of: entry,
      summary: 'IPv4 or IPv6 address or network (CIDR) to admit',
      example: '10.0.0.0/8',
    },
    deny: {
      type: 'list',
      of: entry,
      summary: 'IPv4 or IPv6 address or network (CIDR) to refuse',
      example: '0.0.0.0/0',
    },
  },
  keys: [],
  columns: ['name', 'allow', 'deny'],
  example: { ref: 'acl-01', name: 'Local network', allow: ['10.0.0.0/8'], deny: ['0.0.0.0/0'] },
  check: (doc) =>
    doc.allow.length + doc.deny.length > 0
      ? []
      : [
          {
            field: 'allow',
            message: 'has no entry, and neither has deny: expected at least one address or network',
          },
        ],
  connect: {},
});
export type AccessControlList = DocumentOf<typeof acl>;
