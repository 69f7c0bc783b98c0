/**
 * What the decision of a call has looked at, so that a change of the configuration concerns only the calls that
 * looked at what it changes. Sound for changes that leave refs and natural keys as they are, as mutants do: a look-up
 * by one of these then gives the same resources, and only those that changed give another decision.
 */
import type { Delta } from '../../kinds/catalog.js';
import type { Resource } from '../../kinds/kind.js';
import type { SipRoute } from '../../kinds/sip-route.js';
import { calledKeys, HOSTLESS } from '../../routing/indexes.js';
import { addressOfKey, nearKey, userKeyOf } from '../../routing/normalize.js';
import type { Snapshot } from '../../routing/snapshot.js';

/** Things that were looked at, as texts. */
export type Footprint = Set<string>;

const resourceMark = ({ kind, ref }: Resource<unknown>): string => `${kind} ${ref}`;
const calledMark = (key: string): string => `called ${key}`;
/** Texts that a person could mistake follow the called values of routes. */
const nearMark = (key: string, host: string): string => `near ${key} ${host}`;

/** A snapshot that notes in `footprint` what is looked at. */
export function watched(snapshot: Snapshot, footprint: Footprint): Snapshot {
  return new Proxy(snapshot, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (name === 'sipRoutes') note(footprint, member);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (name === 'routesByCalled') footprint.add(calledMark(String(args[0])));
        if (name === 'near') footprint.add(nearMark(String(args[0]), String(args[1] ?? HOSTLESS)));
        return note(footprint, Reflect.apply(member, target, args));
      };
    },
  });
}

function note(footprint: Footprint, found: unknown): unknown {
  for (const one of Array.isArray(found) ? found : [found])
    if (typeof one === 'object' && one !== null && 'kind' in one)
      footprint.add(resourceMark(one as Resource));
  return found;
}

/** What a change touches: a call whose footprint has none of it is decided as before. */
export function touchedBy(deltas: readonly Delta[]): Set<string> {
  const touched = new Set<string>();
  for (const { before, after } of deltas)
    for (const resource of [before, after] as unknown as (Resource | undefined)[]) {
      if (!resource) continue;
      touched.add(resourceMark(resource));
      if (resource.kind !== 'SipRoute') continue;
      for (const key of calledKeys(resource.doc as unknown as SipRoute)) {
        const { host = HOSTLESS, ...address } = addressOfKey(key);
        touched.add(calledMark(key)).add(nearMark(nearKey(userKeyOf(address)), host));
      }
    }
  return touched;
}
