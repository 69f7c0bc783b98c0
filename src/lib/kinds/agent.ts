import { defineKind, type DocumentOf } from './kind.js';

export const agent = defineKind({
  name: 'Agent',
  topic: 'agents',
  noun: 'agent',
  summary: 'people and devices that register in a domain',
  fields: {
    username: {
      type: 'text',
      summary: 'user part of its address, unique in its domain',
      required: true,
      immutable: true,
      min: 1,
      max: 60,
      format: 'username',
      example: '1001',
    },
    domainRef: {
      type: 'reference',
      to: 'Domain',
      owner: true,
      summary: 'domain it belongs to',
      example: 'sip.local',
    },
    credentialsRef: {
      type: 'reference',
      to: 'Credentials',
      guards: true,
      summary: 'credentials it authenticates with',
      example: 'credentials-01',
    },
    privacy: {
      type: 'choice',
      values: ['PRIVATE', 'NONE'],
      wire: [0, 1],
      default: 'NONE',
      summary: 'hide its identity from the PSTN',
    },
    enabled: { type: 'boolean', summary: 'take part in routing', default: true },
    maxContacts: {
      type: 'integer',
      summary: 'contacts it may register; -1 is no limit',
      default: -1,
      min: -1,
      max: 2147483647,
    },
    expires: {
      type: 'integer',
      summary: 'longest registration in seconds; 0 leaves it to the registrar',
      default: 0,
      min: 0,
      max: 2147483647,
    },
  },
  keys: [{ fields: ['username', 'domainRef'], separator: '@', unique: true }],
  columns: ['name', 'username', 'domainRef', 'credentialsRef', 'privacy', 'enabled'],
  example: {
    ref: 'agent-01',
    name: 'John Doe',
    username: '1001',
    domainRef: 'domain-01',
    credentialsRef: 'credentials-01',
  },
  connect: {},
});
export type Agent = DocumentOf<typeof agent>;
