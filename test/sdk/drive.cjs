/**
 * Drives all seven Connect services of a daemon with Routr's own SDK, and FindBy with its client library, as an
 * application of theirs would, and prints what it saw as one JSON object: `node drive.cjs HOST:PORT`.
 */
const SDK = require('@routr/sdk').default;
const { CommonConnect } = require('@routr/common');

const endpoint = process.argv[2];
const options = { endpoint, insecure: true };

/** What an application sees of a failure: code and text, or the class of an error without a code. */
const failure = (promise) =>
  promise.then(
    (value) => ({ unexpected: value }),
    (error) => ({ code: error.code, details: error.details, message: error.message }),
  );

/** The SDK encodes `extended` in place, so every call gets an object of its own. */
const copy = (value) => JSON.parse(JSON.stringify(value));

const extended = {
  tier: 'gold',
  seats: 3,
  ratio: 1.5,
  zero: 0,
  active: false,
  none: null,
  tags: ['a', { b: [] }],
};

/** Method names of an SDK class: `createAcl`, `listAcls`; credentials have no plural of their own. */
const verbs = (noun, plural = `${noun}s`) => ({
  create: `create${noun}`,
  update: `update${noun}`,
  get: `get${noun}`,
  delete: `delete${noun}`,
  list: `list${plural}`,
});

class Service {
  constructor(api, names) {
    for (const [verb, name] of Object.entries(names)) this[verb] = (request) => api[name](request);
  }

  /** Every page of a listing, as the lists of refs on them. */
  async pages(pageSize) {
    const pages = [];
    for (let pageToken = ''; ;) {
      const page = await this.list({ pageSize, pageToken });
      pages.push(page.items.map((item) => item.ref));
      pageToken = page.nextPageToken;
      if (!pageToken) return pages;
    }
  }

  /** Create, get, update and list, once with every field and then with a change of one. */
  async tour(full, change) {
    const created = await this.create(copy({ ...full, extended }));
    const { ref } = created;
    const got = await this.get(ref);
    const updated = await this.update(copy({ ref, ...change }));
    return { created, got, updated, listed: (await this.list({ pageSize: 1, pageToken: '' })).items[0] };
  }
}

const acls = new Service(new SDK.Acls(options), verbs('Acl'));
const credentials = new Service(new SDK.Credentials(options), verbs('Credentials', 'Credentials'));
const trunks = new Service(new SDK.Trunks(options), verbs('Trunk'));
const numbers = new Service(new SDK.Numbers(options), verbs('Number'));
const domains = new Service(new SDK.Domains(options), verbs('Domain'));
const agents = new Service(new SDK.Agents(options), verbs('Agent'));
const peers = new Service(new SDK.Peers(options), verbs('Peer'));
const common = CommonConnect.apiClient({ apiAddr: endpoint });

async function tours() {
  const seen = {};
  seen.acls = await acls.tour(
    { name: 'Local network', allow: ['10.0.0.0/8'], deny: ['0.0.0.0/0', '2001:db8::/32'] },
    { name: 'Office', deny: ['0.0.0.0/0'] },
  );
  seen.credentials = await credentials.tour(
    { name: 'John Doe', username: '1001', password: '1234' },
    { password: '5678' },
  );
  const accessControlListRef = seen.acls.created.ref;
  const credentialsRef = seen.credentials.created.ref;
  seen.trunks = await trunks.tour(
    {
      name: 'Carrier',
      sendRegister: true,
      inboundUri: 'trunk.example.com',
      accessControlListRef,
      inboundCredentialsRef: credentialsRef,
      outboundCredentialsRef: credentialsRef,
      uris: [
        {
          host: 'sip.carrier.example',
          port: 5061,
          transport: 'TLS',
          user: 'u',
          weight: 10,
          priority: 0,
          enabled: false,
        },
      ],
    },
    { sendRegister: false, inboundCredentialsRef: '' },
  );
  seen.numbers = await numbers.tour(
    {
      name: '(910)343-4434',
      telUrl: 'tel:+19103434434',
      aorLink: 'sip:1001@sip.local',
      city: 'Durham, NC',
      country: 'USA',
      countryIsoCode: 'US',
      sessionAffinityHeader: 'X-Room-Id',
      extraHeaders: [{ name: 'X-Room-Id', value: 'abc' }],
      trunkRef: seen.trunks.created.ref,
    },
    { aorLink: 'sip:1002@sip.local', sessionAffinityHeader: '' },
  );
  seen.domains = await domains.tour(
    {
      name: 'Local Domain',
      domainUri: 'sip.local',
      accessControlListRef,
      egressPolicies: [{ rule: '.*', numberRef: seen.numbers.created.ref }],
    },
    { egressPolicies: [{ rule: '^9', numberRef: seen.numbers.created.ref }] },
  );
  seen.agents = await agents.tour(
    {
      name: 'John Doe',
      username: '1001',
      privacy: 'PRIVATE',
      enabled: false,
      maxContacts: 0,
      expires: 0,
      domainRef: seen.domains.created.ref,
      credentialsRef,
    },
    { name: 'John Smith' },
  );
  seen.peers = await peers.tour(
    {
      name: 'Asterisk',
      username: 'asterisk',
      aor: 'sip:asterisk@default',
      contactAddr: '10.0.0.5:5060',
      balancingAlgorithm: 'ROUND_ROBIN',
      withSessionAffinity: true,
      accessControlListRef,
      credentialsRef,
      maxContacts: 5,
      expires: 3600,
    },
    {
      enabled: false,
      withSessionAffinity: false,
      balancingAlgorithm: 'UNSPECIFIED',
      expires: 0,
      contactAddr: '',
    },
  );
  return seen;
}

/** What applications rely on in partial updates: absent keeps, zero and empty are values. */
async function presence(domainRef, credentialsRef) {
  const { ref } = await agents.create({ name: 'Jane Doe', username: '1002', domainRef, credentialsRef });
  const created = await agents.get(ref);
  const zeros = await agents.update({ ref, enabled: false, privacy: 'PRIVATE', maxContacts: 0 });
  const renamed = await agents.update({ ref, name: 'Jane Smith' });
  const detached = await agents.update({ ref, credentialsRef: '' });
  return { created, zeros, renamed, detached };
}

async function paging(domainRef) {
  for (let i = 0; i < 5; i++) await agents.create({ name: `Agent ${i}`, username: `30${i}`, domainRef });
  const refs = (await agents.list({ pageSize: 0, pageToken: '' })).items.map((item) => item.ref);
  const { nextPageToken } = await agents.list({ pageSize: 2, pageToken: '' });
  await agents.delete(refs[1]);
  const afterDelete = (await agents.list({ pageSize: 2, pageToken: nextPageToken })).items.map(
    (item) => item.ref,
  );
  return { refs, pages: await agents.pages(2), afterDelete };
}

async function findBy() {
  const refs = async (service, fieldName, fieldValue) =>
    (await common[service].findBy({ fieldName, fieldValue })).items.map((item) => item.name);
  return {
    agents: (await common.agents.findBy({ fieldName: 'username', fieldValue: '1001' })).items,
    domains: await refs('domains', 'domainUri', 'sip.local'),
    numbers: await refs('numbers', 'telUrl', 'tel:+19103434434'),
    trunks: await refs('trunks', 'inboundUri', 'trunk.example.com'),
    sendRegister: await refs('trunks', 'sendRegister', 'false'),
    peers: await refs('peers', 'username', 'asterisk'),
    aor: await refs('peers', 'aor', 'sip:asterisk@default'),
    nobody: await refs('agents', 'username', 'nobody'),
    unknownField: await failure(common.agents.findBy({ fieldName: 'usrname', fieldValue: '1001' })),
    noField: await failure(common.agents.findBy({})),
  };
}

async function errors(seen) {
  const agent = { name: 'John Doe', username: '4000', domainRef: seen.domains.created.ref };
  const unreachable = new SDK.Agents({ endpoint: '127.0.0.1:1', insecure: true });
  return {
    invalid: await failure(agents.create({ ...agent, name: '', username: 'a b' })),
    unknownReference: await failure(agents.create({ ...agent, domainRef: 'no-such-domain' })),
    duplicate: await failure(agents.create({ ...agent, username: '1001' })),
    referredTo: await failure(domains.delete(seen.domains.created.ref)),
    getUnknown: await failure(agents.get('no-such-agent')),
    getEmpty: await failure(agents.get('')),
    updateUnknown: await failure(agents.update({ ref: 'no-such-agent', name: 'x' })),
    updateEmpty: await failure(agents.update({ name: 'x' })),
    deleteUnknown: await failure(agents.delete('no-such-agent')),
    deleteEmpty: await failure(agents.delete('')),
    naturalKey: await failure(agents.get('1001@sip.local')),
    pageSize: await failure(agents.list({ pageSize: -1, pageToken: '' })),
    pageToken: await failure(agents.list({ pageSize: 2, pageToken: 'forged' })),
    unreachable: await failure(unreachable.listAgents({ pageSize: 1, pageToken: '' })),
  };
}

/** Takes everything away again, referrers first. */
async function deletions() {
  const left = {};
  for (const [name, service] of Object.entries({
    agents,
    peers,
    domains,
    numbers,
    trunks,
    credentials,
    acls,
  })) {
    for (const { ref } of (await service.list({ pageSize: 0, pageToken: '' })).items)
      await service.delete(ref);
    left[name] = (await service.list({ pageSize: 0, pageToken: '' })).items.length;
  }
  return left;
}

async function main() {
  const seen = await tours();
  const report = {
    ...seen,
    presence: await presence(seen.domains.created.ref, seen.credentials.created.ref),
    findBy: await findBy(),
    paging: await paging(seen.domains.created.ref),
    errors: await errors(seen),
    left: await deletions(),
  };
  process.stdout.write(JSON.stringify(report));
}

main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
