/** Who may call: one of every kind of caller that routing tells apart, and how a request names it. */
import type { Agent } from '../../../kinds/agent.js';
import type { KindName, Resource } from '../../../kinds/kind.js';
import type { Peer } from '../../../kinds/peer.js';
import { CtlError } from '../../../errors.js';
import { callerOf } from '../../../routing/caller.js';
import type { Snapshot } from '../../../routing/snapshot.js';

export interface Caller {
  readonly kind: 'Agent' | 'Peer' | 'outside';
  /** What a request gives as `from`; absent: an anonymous outside caller. */
  readonly from?: string;
  readonly domainRef?: string | undefined;
}

const bySeq = <D>(found: Iterable<Resource<D>>): Resource<D>[] => [...found].sort((a, b) => a.seq - b.seq);

/** Resources of a kind in the order of creation. */
export const inOrder = <D>(snapshot: Snapshot, kind: KindName): Resource<D>[] => bySeq(snapshot.all<D>(kind));

export class Callers {
  readonly outside: Caller;
  readonly peers: readonly Caller[];
  /** Agents by their domain; those without any under undefined. */
  private readonly agents = new Map<string | undefined, Caller[]>();

  /** Agents of any domain, for calls where it does not count which: two domains, so that one is not that of the callee. */
  readonly someAgents: Caller[] = [];

  constructor(private readonly snapshot: Snapshot) {
    const seen = new Set<string>();
    const isNew = (...facts: readonly unknown[]) => seen.size < seen.add(JSON.stringify(facts)).size;
    for (const agent of inOrder<Agent>(snapshot, 'Agent')) {
      const { domainRef, enabled, credentialsRef } = agent.doc;
      const facts = [enabled, credentialsRef === undefined];
      if (!isNew('Agent', domainRef, ...facts)) continue;
      const caller = { kind: 'Agent', from: this.nameOf(agent), domainRef } as const;
      this.agents.set(domainRef, [...this.of(domainRef), caller]);
      const alike = [domainRef === undefined, ...facts];
      if (isNew('first', ...alike) || isNew('second', ...alike)) this.someAgents.push(caller);
    }
    this.peers = inOrder<Peer>(snapshot, 'Peer').flatMap((peer): Caller[] => {
      const { enabled, credentialsRef, accessControlListRef } = peer.doc;
      const fresh = isNew('Peer', enabled, credentialsRef === undefined, accessControlListRef);
      return fresh ? [{ kind: 'Peer', from: this.nameOf(peer) }] : [];
    });
    this.outside = this.someoneOutside();
  }

  /** Agents of a domain. */
  of(domainRef: string | undefined): readonly Caller[] {
    return this.agents.get(domainRef) ?? [];
  }

  /** Agents of every domain. */
  get allAgents(): Caller[] {
    return [...this.agents.values()].flat();
  }

  /** What `from` may be for an agent or peer: its natural key where that names it, else its ref, else its address. */
  nameOf(resource: Resource<Agent> | Resource<Peer>): string {
    const label = this.snapshot.catalog.label(resource as unknown as Resource);
    return [label, resource.ref].find((text) => this.names(text, resource)) ?? `sip:${label}`;
  }

  private names(from: string, { kind, ref }: Resource<Agent> | Resource<Peer>): boolean {
    const known = this.knownAs(from);
    return known?.kind === kind && known.ref === ref;
  }

  private knownAs(from: string): Resource<unknown> | undefined {
    try {
      return callerOf(this.snapshot, REQUEST(from), []).known;
    } catch (error) {
      if (error instanceof CtlError) return undefined;
      throw error;
    }
  }

  /** Nobody of ours; a peer could have the user of an anonymous caller. */
  private someoneOutside(): Caller {
    if (!this.snapshot.peerByUser('anonymous')) return { kind: 'outside' };
    for (let i = 0; ; i++) {
      const user = `+1555010${String(i).padStart(4, '0')}`;
      if (!this.snapshot.peerByUser(user)) return { kind: 'outside', from: `sip:${user}@caller.invalid` };
    }
  }
}

const REQUEST = (from: string) => ({
  from,
  dialled: '',
  method: 'INVITE',
  headers: [],
  unauthenticated: false,
  registered: 'assume' as const,
  down: [],
});
