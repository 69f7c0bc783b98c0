/**
 * Proves or refutes invariants over all calls. Callers that are decided alike are one (classes.ts), and so are dialled
 * users (users.ts): each part is decided once, by the one decide(), so that the answer holds for all of them.
 */
import type { Decision } from '../../routing/decision.js';
import { parseAddress } from '../../routing/normalize.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { TelNumber } from '../../kinds/number.js';
import type { CallDocument } from '../engine.js';
import { dialledAs } from '../dialled.js';
import { isAnalysable } from '../language/language.js';
import { mismatch } from '../suite/expectation.js';
import { inOrder } from '../suite/search/callers.js';
import { decideCall } from '../suite/search/witness.js';
import { namesIn } from '../why/question.js';
import { type CallerClass, Classes } from './classes.js';
import type { Dialled, Invariant } from './invariant.js';
import { Users } from './users.js';

export interface Verdict {
  readonly invariant: Invariant;
  /** `tried`: nothing speaks against it, but not every part could be analysed. */
  readonly status: 'proved' | 'refuted' | 'tried';
  readonly counterexample: { readonly call: CallDocument; readonly decision: Decision } | null;
  /** How many callers it is about; Infinity with outside ones. */
  readonly callers: number;
  /** How many of them, and how many calls, were decided in their place. */
  readonly classes: number;
  readonly calls: number;
  /** What was only sampled, or why there was nothing to decide. */
  readonly notes: readonly string[];
}

/** Whether an invariant is proved because there is no call that it is about: a slip, most likely. */
export const isVacuous = ({ status, calls }: Verdict): boolean => status === 'proved' && calls === 0;

/** Parts of a decision that are the same for all users of a part, whoever of them is dialled. */
const UNIFORM =
  /^(?:routingType|verdict|caller|callee|profile|persona|sipRoute|called|trunk|egressRule|egressNumber|reason|sipStatus|header\..*|(?:caller|callee|profile|call\.from)\..*|rejection\.(?:reason|sipStatus)|route\.(?:egressPolicy\..*|gatewayCredentialsRef|targets\[(?:\d+|\*)\]\.(?!uri|user).*))$/;

const DOD = 'x-dod-number';
interface Header {
  readonly name: string;
  readonly value: string;
}

/** Parts of a decision that are the same for all numbers of a trunk by which a peer calls out. */
const OF_TRUNK =
  /^(?:routingType|verdict|caller|callee|profile|persona|sipRoute|called|trunk|target|reason|sipStatus|(?:caller|callee|profile)\..*|rejection\.(?:reason|sipStatus)|route\.(?:gatewayCredentialsRef|targets\[(?:\d+|\*)\]\.(?!headers).*))$/;

type Pattern = Extract<Dialled, { pattern: string }>;

export class Prover {
  private readonly classes: Classes;
  private readonly users: Users;
  private readonly numbers: readonly string[];
  /** A host that is nothing of ours, and one that stands for none. */
  private readonly elsewhere: string;

  constructor(private readonly snapshot: Snapshot) {
    this.classes = new Classes(snapshot);
    this.users = new Users(snapshot);
    this.numbers = inOrder<TelNumber>(snapshot, 'Number').map(({ doc }) => doc.telUrl.slice('tel:'.length));
    const hosts = new Set([...this.users.hosts, ...this.domains, ...this.trunkHosts]);
    const names = ['elsewhere.example', ...Array.from(hosts, (_, i) => `elsewhere-${i}.example`)];
    this.elsewhere = names.find((name) => !hosts.has(name))!;
  }

  /** Whether every call of an invariant is decided as it says. */
  verdict(invariant: Invariant): Verdict {
    const classes = this.classes.of(invariant);
    const doubts = new Set<string>();
    const callers = classes.reduce((sum, { size }) => sum + size, 0);
    let calls = 0;
    const result = (
      status: Verdict['status'],
      counterexample: Verdict['counterexample'] = null,
    ): Verdict => ({
      invariant,
      status,
      counterexample,
      callers,
      classes: classes.length,
      calls,
      notes: [...doubts],
    });
    for (const caller of classes)
      for (const call of this.callsOf(invariant, caller, doubts)) {
        const decision = decideCall(this.snapshot, call);
        if (!decision) {
          doubts.add(`${String(call['dialled'])} could not be decided`);
          continue;
        }
        calls++;
        if (this.violates(invariant, decision)) return result('refuted', { call, decision });
      }
    if (doubts.size > 0) return result('tried');
    if (calls === 0)
      doubts.add(classes.length === 0 ? 'nobody is such a caller' : 'nothing such can be dialled');
    return result('proved');
  }

  private violates({ wanted, outcomes }: Invariant, decision: Decision): boolean {
    const names = namesIn(this.snapshot);
    const isMet = outcomes.some((expectations) =>
      expectations.every((expectation) => mismatch(expectation, decision, names) === undefined),
    );
    return isMet !== (wanted === 'must');
  }

  private *callsOf(invariant: Invariant, caller: CallerClass, doubts: Set<string>): Generator<CallDocument> {
    const { circumstances, dialled } = invariant;
    const { from } = caller;
    for (const one of dialled)
      for (const text of this.dialled(one, invariant, caller, doubts)) {
        const call = { ...circumstances, dialled: text, ...(from !== undefined && { from }) };
        yield call;
        for (const headers of this.outward(invariant, caller)) yield { ...call, headers };
      }
  }

  /**
   * The headers by which a peer calls out, which it is free to send: one number for each trunk, or each number where
   * what is expected may tell them apart. None where the invariant says which.
   */
  private outward({ circumstances, outcomes }: Invariant, { kind }: CallerClass): readonly Header[][] {
    const given = (circumstances['headers'] ?? []) as readonly Header[];
    if (kind !== 'Peer' || given.some(({ name }) => name.toLowerCase() === DOD)) return [];
    const apart = outcomes.flat().some(({ name }) => !OF_TRUNK.test(name));
    const seen = new Set<unknown>();
    return inOrder<TelNumber>(this.snapshot, 'Number')
      .filter(({ doc, ref }) => seen.size < seen.add(apart ? ref : doc.trunkRef).size)
      .map(({ doc }) => [...given, { name: 'X-DOD-Number', value: doc.telUrl.slice('tel:'.length) }]);
  }

  private *dialled(
    dialled: Dialled,
    invariant: Invariant,
    caller: CallerClass,
    doubts: Set<string>,
  ): Generator<string> {
    if ('pattern' in dialled) {
      const vague = invariant.outcomes.flat().find(({ name }) => !UNIFORM.test(name));
      if (vague) doubts.add(`${vague.name} may differ among the users that one was tried of`);
      if (!isAnalysable(dialled.language))
        doubts.add(`${dialled.pattern}: ${dialled.language.notAnalysable}`);
      yield* this.matching(dialled, invariant, caller, doubts);
    } else
      for (const value of 'numbers' in dialled ? this.numbers : [dialled.value]) {
        yield value;
        const { user, host } = parseAddress(value);
        if (invariant.hosts === 'any' && host === undefined) yield* this.atAnyHost(user);
      }
  }

  /** A user at every host. */
  private *atAnyHost(user: string): Generator<string> {
    const hosts = new Set([...this.domains, ...this.trunkHosts, ...this.users.hosts, this.elsewhere]);
    for (const host of hosts) yield* dialling(user, host);
  }

  private *matching(
    pattern: Pattern,
    { hosts }: Invariant,
    caller: CallerClass,
    doubts: Set<string>,
  ): Generator<string> {
    const own = caller.domain?.doc.domainUri.toLowerCase() ?? this.assumedHost;
    for (const user of this.users.of(pattern, caller, own, doubts)) yield* dialling(user, undefined, own);
    if (hosts === 'assumed') return;
    for (const user of this.users.of(pattern, caller, this.elsewhere, doubts))
      yield* dialling(user, this.elsewhere);
    // Elsewhere stands for every host, but for those who are known there.
    for (const host of this.users.hosts)
      for (const user of this.users.knownAt(host, pattern)) yield* dialling(user, host);
  }

  /** The host of what somebody dials who is no agent (docs/semantics.md 2, "Host"). */
  private get assumedHost(): string {
    const [only, ...others] = this.domains;
    return only !== undefined && others.length === 0 ? only : 'invalid';
  }

  private get domains(): string[] {
    return this.hostsIn('Domain', 'domainUri');
  }

  private get trunkHosts(): string[] {
    return this.hostsIn('Trunk', 'inboundUri');
  }

  private hostsIn(kind: 'Domain' | 'Trunk', field: string): string[] {
    return Array.from(this.snapshot.catalog.all(kind), ({ doc }) => String(doc[field]).toLowerCase());
  }
}

/** What is dialled for a user, where it can be. */
function* dialling(...to: Parameters<typeof dialledAs>): Generator<string> {
  const dialled = dialledAs(...to);
  if (dialled !== undefined) yield dialled;
}
