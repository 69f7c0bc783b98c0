/** Routr's resource documents (docs/wire.md 5): where each kind keeps its fields under `metadata` and `spec`. */
import type { KindName } from '../../kinds/kind.js';
import { type Layout, slots } from './layout.js';

const NAME = { name: 'metadata.name' };

const URI: Layout = slots({
  host: 'uri.host',
  port: 'uri.port',
  transport: 'uri.transport',
  user: 'uri.user',
  weight: 'weight',
  priority: 'priority',
  enabled: 'enabled',
});

/** By kind; kinds that Routr does not have are absent. */
export const routrLayouts: { readonly [K in KindName]?: Layout } = {
  AccessControlList: slots({
    ...NAME,
    allow: 'spec.accessControlList.allow',
    deny: 'spec.accessControlList.deny',
  }),
  Credentials: slots({
    ...NAME,
    username: 'spec.credentials.username',
    password: 'spec.credentials.password',
  }),
  Trunk: {
    ...slots({
      ...NAME,
      inboundUri: 'spec.inbound.uri',
      accessControlListRef: 'spec.inbound.accessControlListRef',
      inboundCredentialsRef: 'spec.inbound.credentialsRef',
      sendRegister: 'spec.outbound.sendRegister',
      outboundCredentialsRef: 'spec.outbound.credentialsRef',
    }),
    uris: { path: 'spec.outbound.uris', of: URI },
  },
  Number: slots({
    ...NAME,
    city: 'metadata.geoInfo.city',
    country: 'metadata.geoInfo.country',
    countryIsoCode: 'metadata.geoInfo.countryIsoCode',
    trunkRef: 'spec.trunkRef',
    telUrl: 'spec.location.telUrl',
    aorLink: 'spec.location.aorLink',
    sessionAffinityHeader: 'spec.location.sessionAffinityHeader',
    extraHeaders: 'spec.location.extraHeaders',
  }),
  Domain: {
    ...slots(NAME),
    // Routr's schema has it under context, where its loader does not look.
    accessControlListRef: {
      path: 'spec.accessControlListRef',
      also: 'spec.context.accessControlListRef',
    },
    ...slots({ domainUri: 'spec.context.domainUri', egressPolicies: 'spec.context.egressPolicies' }),
  },
  Agent: slots({
    ...NAME,
    username: 'spec.username',
    domainRef: 'spec.domainRef',
    credentialsRef: 'spec.credentialsRef',
    privacy: 'spec.privacy',
    enabled: 'spec.enabled',
    maxContacts: 'spec.maxContacts',
    expires: 'spec.expires',
  }),
  Peer: slots({
    ...NAME,
    username: 'spec.username',
    aor: 'spec.aor',
    contactAddr: 'spec.contactAddr',
    balancingAlgorithm: 'spec.loadBalancing.algorithm',
    withSessionAffinity: 'spec.loadBalancing.withSessionAffinity',
    accessControlListRef: 'spec.accessControlListRef',
    credentialsRef: 'spec.credentialsRef',
    enabled: 'spec.enabled',
    maxContacts: 'spec.maxContacts',
    expires: 'spec.expires',
  }),
};

/** Kept free by Routr; nothing reads it. */
export const RESERVED = 'metadata.region';
