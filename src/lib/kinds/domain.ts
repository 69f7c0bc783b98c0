import { defineKind, type DocumentOf } from './kind.js';

export const domain = defineKind({
  name: 'Domain',
  topic: 'domains',
  noun: 'domain',
  summary: 'SIP domains, with the rules by which their agents call out',
  fields: {
    domainUri: {
      type: 'text',
      summary: 'fully qualified domain name',
      required: true,
      immutable: true,
      max: 255,
      format: 'fqdn',
      fold: true,
      example: 'sip.local',
    },
    accessControlListRef: {
      type: 'reference',
      to: 'AccessControlList',
      guards: true,
      summary: 'addresses from which its agents may call',
      example: 'acl-01',
    },
    egressPolicies: {
      type: 'structs',
      entry: 'egress',
      summary: 'rule for calls to the PSTN; the first that matches decides',
      of: {
        rule: {
          type: 'text',
          summary: 'RE2 pattern of the dialled user',
          required: true,
          max: 1000,
          format: 're2',
        },
        numberRef: {
          type: 'reference',
          to: 'Number',
          required: true,
          owner: true,
          summary: 'number that the call leaves by',
        },
      },
      example: 'rule=^\\+1,number=number-01',
    },
  },
  keys: [{ fields: ['domainUri'], unique: true }],
  columns: ['name', 'domainUri', 'accessControlListRef', 'egressPolicies'],
  example: {
    ref: 'domain-01',
    name: 'Local Domain',
    domainUri: 'sip.local',
    egressPolicies: [{ rule: '.*', numberRef: 'number-01' }],
  },
  connect: { depth: 1 },
});
export type Domain = DocumentOf<typeof domain>;
