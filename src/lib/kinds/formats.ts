/** The formats that text fields may have, and how each is described in errors, help and docs. */
export const formats = {
  fqdn: 'a fully qualified domain name such as sip.local',
  host: 'a host name such as sip.carrier.example, or an IP address, without scheme and port',
  hostPort: 'host[:port], such as 10.0.0.5:5060',
  tel: 'tel:, an optional + and 1-15 digits, such as tel:+19103434434',
  aor: 'an address of record that starts with sip: or backend:, such as sip:1001@sip.local',
  cidr: 'an IPv4 or IPv6 address or network, such as 10.0.0.0/8',
  re2: 'a pattern in RE2 syntax, such as ^\\+1',
  headerName: 'letters, digits and dashes, not ending with a dash, such as X-Room-Id',
  username: 'text without spaces, such as 1001',
  countryCode: 'two letters, such as US (XX when unknown)',
} as const;

export type FormatName = keyof typeof formats;
