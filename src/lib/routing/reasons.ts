/**
 * The closed list of reasons a decision can give, each with a line of documentation. Rejections carry the SIP
 * status they answer with (docs/semantics.md 5-7); the others appear in the trace only.
 */
export const rejections = {
  'connect-token-invalid': [
    403,
    'The connect token is malformed, not verifiable, or names no domain of ours.',
  ],
  'connect-token-expired': [403, 'The connect token has expired.'],
  'connect-token-method': [403, 'The connect token does not allow this method.'],
  'connect-token-missing': [403, 'An agent reaches a peer only with a connect token.'],
  'caller-disabled': [403, 'The caller is disabled.'],
  'no-domain': [403, 'The calling agent belongs to no domain.'],
  'cross-domain': [403, 'Agents call agents of their own domain only.'],
  'acl-denied': [403, 'The access control list does not admit the source address.'],
  'no-credentials': [401, 'The caller has no credentials to authenticate with.'],
  unauthenticated: [401, 'Authentication failed or is absent.'],
  'trunk-mismatch': [403, 'The call did not arrive at the trunk of the number.'],
  'unknown-parties': [403, 'No SIP route takes the call, and caller and callee allow no routing type.'],
  'unsupported-pair': [403, 'A peer cannot call a peer.'],
  'dod-number-missing': [400, 'A peer that calls the PSTN names its number in X-DOD-Number.'],
  'dod-number-unknown': [404, 'X-DOD-Number names no number of ours.'],
  'no-egress-policy': [404, "The caller's domain has no egress policy."],
  'no-egress-match': [404, "No egress policy of the caller's domain matches."],
  'number-not-linked': [404, 'The number has no aorLink.'],
  'link-target-unknown': [404, 'The link names no peer and no agent.'],
  'callee-disabled': [480, 'The callee is disabled.'],
  'not-registered': [480, 'The callee is not registered.'],
  'no-trunk': [503, 'The number has no trunk.'],
  'no-trunk-uri': [503, 'The trunk has no enabled URI.'],
} as const satisfies Record<string, readonly [number, string]>;
export type RejectReason = keyof typeof rejections;

export const steps = {
  'anonymous-caller': 'No caller was given: an anonymous outside caller is assumed.',
  'outside-caller': 'No agent or peer has that user: the caller is taken to be outside.',
  'host-of-caller': "The dialled value has no host: that of the caller's domain is assumed.",
  'host-of-trunk': 'The dialled value has no host: the number is assumed to arrive at its trunk.',
  'host-given': 'The dialled value has no host: the domain that was named is assumed.',
  'host-only-domain': 'The dialled value has no host: the only domain is assumed.',
  'host-invalid': 'The dialled value has no host and none can be assumed.',
  'address-assumed': 'No source address was given: an allowed one is assumed.',
  'authentication-assumed': 'Successful authentication is assumed.',
  'registration-assumed': 'The endpoint is assumed to be registered.',
  found: 'The address names this resource.',
  'not-found': 'The address names no resource of this kind.',
  'token-caller': 'A valid connect token makes the caller the agent of its claims.',
  'token-callee': "The connect token's aorLink names the callee.",
  unknown: 'The address names no resource of ours.',
  classified: 'The kinds of caller and callee give the routing type.',
  'token-valid': 'The connect token is valid for this call.',
  enabled: 'It is enabled.',
  'same-domain': "Caller and callee agree with the caller's domain.",
  'acl-allowed': 'The access control list admits the source address.',
  authenticated: 'Authentication succeeded.',
  'acl-authenticated':
    'It has no credentials: the access control list that admits the address authenticates it.',
  'trunk-agrees': 'The call arrived at the trunk of the number.',
  'not-checked': 'Nothing to check here for an outside caller.',
  'called-equal': 'A called value of the call equals a called value of the route.',
  'called-differs': 'No called value of the call equals a called value of the route.',
  'called-later': 'It also matches, but an earlier route wins.',
  'route-disabled': 'The route is disabled.',
  'catch-all': 'The catch-all takes the call.',
  'catch-all-excluded':
    'The catch-all takes only outside calls of type unknown or to a number without aorLink.',
  'no-sip-route': 'No SIP route takes the call.',
  'egress-matched': 'The first egress policy whose rule matches.',
  'egress-differs': 'The rule finds no match in the dialled user.',
  'egress-later': 'The rule also matches, but an earlier one wins.',
  'dod-number': 'X-DOD-Number names the number.',
  linked: "The number's aorLink names the target.",
  'trunk-selected': 'The trunk of the number carries the call.',
  'uri-selected': 'An enabled URI of the trunk, in failover order.',
  'uri-disabled': 'The URI is disabled.',
  'contact-address': 'The peer takes calls at its contact address.',
  balanced: 'Enabled peers with the same aor share its calls.',
  affinity: 'The session-affinity header of the number keeps a session with one peer.',
  'out-of-order': 'It is treated as out of order.',
  'near-miss': 'Something configured differs only in +, country code, case or separators; it is not a match.',
} as const satisfies Record<string, string>;
export type StepReason = keyof typeof steps;

export const warnings = {
  'foreign-host': 'An agent dials a host that is no domain of ours, so the call leaves by the PSTN.',
  emergency: 'An emergency number reaches a profile or nothing.',
  'open-profile': 'Anyone outside can reach the profile: the route has no access control list.',
  shadowed: 'The SIP route takes calls from an agent, peer or number.',
  overlap: 'The called value stands in more than one SIP route.',
  'acl-family': "The access control list names no address of the source's family.",
  'near-miss':
    'Something configured differs only in +, country code, case or separators from what was dialled.',
} as const satisfies Record<string, string>;
export type WarningCode = keyof typeof warnings;

export type Stage = 'call' | 'caller' | 'callee' | 'type' | 'access' | 'profile' | 'route';
export type Outcome = 'match' | 'no-match' | 'pass' | 'fail' | 'assumed' | 'note';

export interface TraceEntry {
  readonly stage: Stage;
  /** What was looked at: `agents/1001@sip.local`, `egressPolicies[0]`. */
  readonly subject: string;
  readonly outcome: Outcome;
  readonly reason: StepReason | RejectReason;
  /** The two values that were compared, left the call's, right the configuration's; null where nothing was. */
  readonly compared: readonly [string, string] | null;
}
