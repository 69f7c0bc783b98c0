/** SIP routes: the called value of a call added to one, one enabled or moved, or taken away from the one that wins. */
import { isCatchAll, type SipRoute } from '../../kinds/sip-route.js';
import type { Resource } from '../../kinds/kind.js';
import type { Profile } from '../../kinds/profile.js';
import type { TelNumber } from '../../kinds/number.js';
import { calledKeys } from '../../routing/indexes.js';
import { parseAddress } from '../../routing/normalize.js';
import { inOrder } from '../suite/search/callers.js';
import { type Asked, change, type ConfigChange, link, toggle } from './edit.js';
import { wantedRef, wantedText } from './question.js';

/** SIP routes that are tried. */
const FEW = 20;

export function profileChanges(asked: Asked): ConfigChange[] {
  const { snapshot, decision, expectations } = asked;
  const winner = snapshot.resource<SipRoute>('SipRoute', winnerOf(asked));
  const profile = wantedRef(snapshot, expectations, 'profile', 'Profile');
  const routeRef = wantedText(expectations, 'sipRoute');
  const isWanted = ({ ref, doc }: Resource<SipRoute>) =>
    ref !== winner?.ref &&
    (profile === undefined || doc.profileRef === profile) &&
    (routeRef === undefined || ref === routeRef);
  const routes = snapshot.sipRoutes.filter(isWanted).slice(0, FEW);
  const { user } = decision.call.requestUri;
  return [
    ...routes.flatMap((route) => ways(route, user, winner)),
    ...(winner ? against(winner, decision.profile?.called ?? user, profile) : []),
    ...(routes.length === 0 && winner?.doc.profileRef !== profile
      ? created(asked, profile, user, winner)
      : []),
    ...relinked(asked, routes),
  ];
}

/** The route that took the call, also when its access control list refused it. */
function winnerOf({ decision }: Asked): string | undefined {
  const match = decision.trace.find(({ stage, outcome }) => stage === 'profile' && outcome === 'match');
  return match?.subject.split('/')[1];
}

/** What lets a route have the call. */
function ways(
  route: Resource<SipRoute>,
  user: string,
  winner: Resource<SipRoute> | undefined,
): ConfigChange[] {
  const { doc, ref } = route;
  const before = winner && !isCatchAll(winner.doc) ? { before: winner.ref } : undefined;
  if (isCatchAll(doc)) return doc.enabled ? [] : [toggle(route, true, 0.3)];
  const has = calledKeys(doc).includes(user);
  const found: ConfigChange[] = doc.enabled ? [] : [toggle(route, true, has ? 0.15 : 0.6)];
  const enabled = doc.enabled ? {} : { document: { enabled: true } };
  const entry = { field: 'called', entry: user, remove: false };
  const add = `add ${user} to the called values of %${doc.enabled ? '' : ', and enable it'}`;
  if (!has) found.push(change(route, add, doc.enabled ? 0.3 : 0.5, { ...enabled, edits: [entry] }));
  if (before && !has)
    found.push(
      change(route, `${add}, before sip-routes/${before.before}`, 0.4, {
        ...enabled,
        ...before,
        edits: [entry],
      }),
    );
  if (before && has)
    found.push({
      text: `place sip-routes/${ref} before sip-routes/${before.before}${doc.enabled ? '' : ', enabled'}`,
      size: 0.25,
      edit: { action: 'update', kind: 'SipRoute', key: ref, ...enabled, ...before },
    });
  return found;
}

/** What takes the call away from the route that has it, or gives it another profile. */
function against(winner: Resource<SipRoute>, called: string, profile: string | undefined): ConfigChange[] {
  const { called: values, profileRef } = winner.doc;
  const entry = { field: 'called', entry: called, remove: true };
  return [
    ...(values.length > 1 && values.includes(called)
      ? [change(winner, `remove ${called} from the called values of %`, 0.35, { edits: [entry] })]
      : []),
    toggle(winner, false, 0.45),
    ...(profile !== undefined && profileRef !== profile
      ? [change(winner, `let % select profile ${profile}`, 0.4, { document: { profileRef: profile } })]
      : []),
  ];
}

/** A new route, where none selects the profile yet. */
function created(
  { snapshot }: Asked,
  wanted: string | undefined,
  user: string,
  winner: Resource<SipRoute> | undefined,
): ConfigChange[] {
  const profile = wanted ?? inOrder<Profile>(snapshot, 'Profile')[0]?.ref;
  if (profile === undefined) return [];
  const ref = [profile, `${profile}-route`].find((ref) => !snapshot.resource('SipRoute', ref));
  if (ref === undefined) return [];
  const before = winner && !isCatchAll(winner.doc) ? { before: winner.ref } : undefined;
  const document = { name: ref, called: [user], profileRef: profile };
  return [
    {
      text: `create a SIP route from ${user} to profile ${profile}`,
      size: 0.5,
      edit: { action: 'create', kind: 'SipRoute', key: ref, document, ...before },
    },
  ];
}

/** A dialled number that leads to a called value of a route. */
function relinked({ snapshot, decision }: Asked, routes: readonly Resource<SipRoute>[]): ConfigChange[] {
  const { callee, call } = decision;
  if (callee?.kind !== 'Number') return [];
  const number = snapshot.resource<TelNumber>('Number', callee.ref)!;
  return routes.flatMap(({ doc }) => {
    const [called] = doc.called;
    if (called === undefined || isCatchAll(doc) || !doc.enabled) return [];
    const { user, host = call.requestUri.host, scheme } = parseAddress(called);
    return user === '' || scheme === 'backend' ? [] : [link(number, `sip:${user}@${host}`, 0.45)];
  });
}
