import { defineKind, type DocumentOf } from './kind.js';

export const credentials = defineKind({
  name: 'Credentials',
  topic: 'credentials',
  noun: 'credentials',
  summary: 'user names and passwords with which endpoints and trunks authenticate',
  fields: {
    username: {
      type: 'text',
      summary: 'user name of the digest',
      required: true,
      min: 1,
      max: 60,
      format: 'username',
      example: '1001',
    },
    password: {
      type: 'text',
      summary: 'password of the digest',
      required: true,
      secret: true,
      min: 1,
      max: 255,
    },
  },
  keys: [],
  columns: ['name', 'username', 'password'],
  example: { ref: 'credentials-01', name: 'John Doe', username: '1001' },
  connect: {},
});
export type Credentials = DocumentOf<typeof credentials>;
