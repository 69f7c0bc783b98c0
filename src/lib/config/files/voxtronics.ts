/** Voxtronics configuration: its sections, and where an entry of each keeps our fields. */
import type { KindName } from '../../kinds/kind.js';
import { type Layout, slots } from './layout.js';

export interface Section {
  /** In the file: `profiles`, as in `[profiles.main]`. */
  readonly name: string;
  readonly kind: KindName;
  readonly layout: Layout;
  /** Of modalities: what their section says about them. */
  readonly type?: string;
}

const modality: Layout = slots({ provider: 'provider', transport: 'transport' });
const TYPES = ['realtime', 'stt', 'tts', 'llm'];

/** The sections whose entries have names, in the order in which modalities of one name get their refs. */
export const sections: readonly Section[] = [
  {
    name: 'profiles',
    kind: 'Profile',
    layout: slots({
      personaRef: 'persona',
      policyRef: 'policy',
      realtimeRef: 'realtime',
      sttRef: 'stt',
      llmRef: 'llm',
      ttsRef: 'tts',
    }),
  },
  {
    name: 'personas',
    kind: 'Persona',
    layout: slots({ instructions: 'instructions', welcomeMessage: 'welcome_message' }),
  },
  {
    name: 'policies',
    kind: 'Policy',
    layout: slots({ functions: 'functions', adapters: 'adapters', intentRouter: 'intent_router' }),
  },
  ...TYPES.map((type): Section => ({ name: type, kind: 'Modality', layout: modality, type })),
];

/** `[[routing.sip]]`: its entries have no names. */
export const routes: Section = {
  name: 'routing',
  kind: 'SipRoute',
  layout: slots({ profileRef: 'profile', called: 'match.called' }),
};

/** What fields name that is outside the routing plane, by the sections that would declare it. */
export const outside: readonly {
  readonly kind: KindName;
  readonly field: string;
  readonly sections: readonly string[];
}[] = [
  { kind: 'Modality', field: 'provider', sections: ['providers'] },
  { kind: 'Modality', field: 'transport', sections: ['transports'] },
  { kind: 'Policy', field: 'functions', sections: ['functions'] },
  { kind: 'Policy', field: 'adapters', sections: ['adapters'] },
  { kind: 'Policy', field: 'intentRouter', sections: ['routers', 'intent_routers'] },
];

/** The keys of an entry that hold our fields: no member of `extended` can be called so. */
export const ownKeys = (layout: Layout): string[] => [
  ...new Set(Object.values(layout).map(({ path }) => path.split('.')[0]!)),
];

/** A name without what slips in most easily: capitals, separators, the plural. */
const bare = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/ies$/, 'y')
    .replace(/s$/, '');

/** The known name that a name is a slip of. */
export const meant = (name: string, known: readonly string[]): string | undefined =>
  known.find((one) => bare(one) === bare(name));

/** Names for SIP routes, by their first called values: `-2`, `-3` behind one that is taken. */
export function routeNames(called: readonly string[]): string[] {
  const taken = new Set<string>();
  return called.map((value) => {
    // The catch-all takes every call from outside: its called value is no name.
    const base = value === '*' ? 'catch-all' : value;
    let name = base;
    for (let i = 2; taken.has(name); i++) name = `${base}-${i}`;
    taken.add(name);
    return name;
  });
}
