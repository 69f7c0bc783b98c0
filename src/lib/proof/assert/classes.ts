/** Callers that are decided alike, so that one of them stands for all. */
import type { Agent } from '../../kinds/agent.js';
import type { Domain } from '../../kinds/domain.js';
import type { Resource } from '../../kinds/kind.js';
import type { Peer } from '../../kinds/peer.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { Callers as Names, inOrder } from '../suite/search/callers.js';
import type { Callers, Invariant } from './invariant.js';

export interface CallerClass {
  readonly kind: 'Agent' | 'Peer' | 'outside';
  /** How a request names the one that stands for all; absent: an anonymous outside caller. */
  readonly from: string | undefined;
  /** The domain of agents. */
  readonly domain: Resource<Domain> | undefined;
  /** How many there are; of outside callers there is no end. */
  readonly size: number;
}

/** Expectations that tell callers apart that are otherwise decided alike. */
const OF_CALLER = /^(?:caller|call)(?:\.|$)/;

/**
 * What can matter of an agent: its domain, whether it is enabled and has credentials, its privacy (in headers); of a
 * peer: whether it is enabled and has credentials, its access control list (docs/semantics.md 5 and 7). Passwords and
 * tokens are no part of an invariant.
 */
export class Classes {
  private readonly names: Names;

  constructor(private readonly snapshot: Snapshot) {
    this.names = new Names(snapshot);
  }

  of({ callers, outcomes }: Invariant): CallerClass[] {
    const apart = outcomes.flat().some(({ name }) => OF_CALLER.test(name));
    const groups = new Map<string, (Resource<Agent> | Resource<Peer>)[]>();
    const members = new Set(callers.flatMap((some) => this.members(some)));
    for (const one of members) {
      const key = apart ? `${one.kind} ${one.ref}` : keyOf(one);
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
    const known = [...groups.values()].map((group) => this.classOf(group));
    return callers.some(({ of }) => of === 'outside') ? [...known, this.outside()] : known;
  }

  private members(callers: Callers): (Resource<Agent> | Resource<Peer>)[] {
    if (callers.of === 'one') return [this.snapshot.resource<Agent & Peer>(callers.kind, callers.ref)!];
    if (callers.of === 'peers') return this.all<Peer>('Peer');
    if (callers.of === 'outside') return [];
    const { domainRef } = callers as Extract<Callers, { of: 'agents' }>;
    return this.all<Agent>('Agent').filter(
      ({ doc }) => domainRef === undefined || doc.domainRef === domainRef,
    );
  }

  private all<D>(kind: 'Agent' | 'Peer'): Resource<D>[] {
    return inOrder<D>(this.snapshot, kind);
  }

  private classOf([first, ...others]: readonly (Resource<Agent> | Resource<Peer>)[]): CallerClass {
    const { kind, doc } = first!;
    const domainRef = 'domainRef' in doc ? doc.domainRef : undefined;
    return {
      kind: kind as 'Agent' | 'Peer',
      from: this.names.nameOf(first!),
      domain: this.snapshot.resource<Domain>('Domain', domainRef),
      size: others.length + 1,
    };
  }

  private outside(): CallerClass {
    return { kind: 'outside', from: this.names.outside.from, domain: undefined, size: Infinity };
  }
}

function keyOf({ kind, doc }: Resource<Agent> | Resource<Peer>): string {
  const facts =
    'aor' in doc
      ? [doc.enabled, doc.credentialsRef === undefined, doc.accessControlListRef]
      : [doc.domainRef, doc.enabled, doc.credentialsRef === undefined, doc.privacy];
  return JSON.stringify([kind, ...facts]);
}
