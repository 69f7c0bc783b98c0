import { defineKind, type DocumentOf } from './kind.js';

export const trunk = defineKind({
  name: 'Trunk',
  topic: 'trunks',
  noun: 'trunk',
  summary: 'connections to carriers, inbound and outbound',
  fields: {
    inboundUri: {
      type: 'text',
      summary: 'host at which the carrier calls us, without scheme and port',
      required: true,
      max: 255,
      format: 'host',
      fold: true,
      example: 'trunk.example.com',
    },
    sendRegister: { type: 'boolean', summary: 'register at the carrier', default: false },
    accessControlListRef: {
      type: 'reference',
      to: 'AccessControlList',
      guards: true,
      summary: 'addresses from which the carrier may call',
      example: 'acl-01',
    },
    inboundCredentialsRef: {
      type: 'reference',
      to: 'Credentials',
      guards: true,
      summary: 'credentials the carrier must present',
      example: 'credentials-01',
    },
    outboundCredentialsRef: {
      type: 'reference',
      to: 'Credentials',
      summary: 'credentials we present to the carrier',
      example: 'credentials-01',
    },
    uris: {
      type: 'structs',
      entry: 'uri',
      summary: 'gateway of the carrier; the failover order is priority, then weight, then order',
      of: {
        host: {
          type: 'text',
          summary: 'host or address',
          required: true,
          max: 255,
          format: 'host',
          fold: true,
        },
        port: { type: 'integer', summary: 'port', default: 5060, min: 0, max: 65535 },
        transport: {
          type: 'choice',
          summary: 'transport',
          values: ['UDP', 'TCP', 'SCTP', 'TLS', 'WS', 'WSS'],
          default: 'UDP',
        },
        user: { type: 'text', summary: 'user part', max: 60, format: 'username' },
        weight: {
          type: 'integer',
          summary: 'share among equal priorities, high first',
          default: 1,
          min: 1,
          max: 65535,
        },
        priority: { type: 'integer', summary: 'low is tried first', default: 0, min: 0, max: 65535 },
        enabled: { type: 'boolean', summary: 'take part in routing', default: true },
      },
      example: 'host=sip.carrier.example,port=5060,transport=UDP',
    },
  },
  keys: [{ fields: ['inboundUri'], unique: true }],
  columns: ['name', 'inboundUri', 'sendRegister', 'uris'],
  example: {
    ref: 'trunk-01',
    name: 'Carrier',
    inboundUri: 'trunk.example.com',
    uris: [{ host: 'sip.carrier.example', port: 5060, transport: 'UDP' }],
  },
  connect: {},
});
export type Trunk = DocumentOf<typeof trunk>;
