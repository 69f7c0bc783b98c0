/** A decision for a person: the verdict in one line, then what it rests on (docs/semantics.md 8). */
import { kindOf } from '../../kinds/index.js';
import type { Json } from '../../kinds/kind.js';
import type {
  Decision,
  Expanded,
  HeaderChange,
  Outcome,
  Party,
  ProfileOutcome,
  RouteOutcome,
  Target,
} from '../../routing/decision.js';
import {
  callerText,
  type Outcome as CallOutcome,
  outcomeOf as outcomeOfCall,
} from '../../routing/outcome.js';
import type { Painter } from './paint.js';
import { printable } from './printable.js';
import type { Column, View } from './view.js';

/**
 * The view of decisions: tables are prose, CSV and `--fields` have the verdict in columns.
 * @param explain show the trace too
 */
export function decisionView({ explain = false } = {}): View<Decision> {
  return {
    columns: outcomeColumns((decision) => outcomeOfCall(decision, decision.call)),
    document: (decision) => decision as unknown as Json,
    prose: async (decision, paint) => {
      const sections = [
        headline(decision, paint),
        partiesOf(decision),
        ...outcomeOf(decision),
        warningsOf(decision, paint),
      ];
      if (decision.rejection?.hint) sections.push([`Hint: ${printable(decision.rejection.hint)}`]);
      if (explain) sections.push(await traceOf(decision, paint));
      return sections
        .filter((lines) => lines.length > 0)
        .map((lines) => `${lines.join('\n')}\n`)
        .join('\n');
    },
  };
}

type Lines = readonly string[];

/** The columns of an outcome, taken from items that have one. */
export function outcomeColumns<Item>(outcome: (item: Item) => CallOutcome | undefined): Column<Item>[] {
  const headers = { routingType: 'ROUTING TYPE' } as Partial<Record<keyof CallOutcome, string>>;
  const names = ['from', 'dialled', 'routingType', 'verdict', 'target', 'profile', 'reason'] as const;
  return names.map((name) => ({
    name,
    header: headers[name] ?? name.toUpperCase(),
    shown: 'always',
    value: (item) => outcome(item)?.[name] ?? null,
    texts: (item) => [outcome(item)?.[name] ?? ''],
  }));
}

/** `1001@sip.local → +17853178070: agent-to-pstn, routed to sip:… via trunk-01`. */
function headline(decision: Decision, paint: Painter): Lines {
  const { call, routingType, rejection } = decision;
  const who = printable(`${callerText(call)} → ${call.raw.dialled}`);
  const color = rejection ? paint.bad : paint.good;
  return [`${paint.strong(who)}: ${routingType}, ${color(printable(verdictText(decision)))}`];
}

/** `handled by profile main (SIP route concierge)`. */
function verdictText({ profile, route, rejection }: Decision): string {
  if (profile) return `handled by profile ${profile.name} (SIP route ${profile.sipRoute})`;
  if (rejection) return `rejected ${rejection.sipStatus} ${rejection.reason}: ${rejection.message}`;
  const [target] = route?.targets ?? [];
  return target ? `routed to ${target.uri} via ${target.via.ref}` : '';
}

/** What a call does, in one line: `agent-to-pstn, routed to sip:… via trunk-01`. */
export const outcomeText = (decision: Decision): string =>
  `${decision.routingType}, ${verdictText(decision)}`;

/** Labels in a column of their own. */
const rowsOf = (rows: readonly (readonly [label: string, text: string])[]): Lines => {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${printable(text)}`);
};

const partyText = (party: Party | null): string =>
  party ? `${kindOf(party.kind).noun} ${party.name} (${party.ref})` : 'nobody of ours';

const partiesOf = ({ caller, callee }: Decision): Lines =>
  rowsOf([
    ['Caller', partyText(caller)],
    ['Callee', partyText(callee)],
  ]);

const outcomeOf = ({ profile, route }: Decision): Lines[] =>
  profile ? [profileLines(profile)] : route ? routeSections(route) : [];

function profileLines(profile: ProfileOutcome): Lines {
  const { persona, policy, realtime, stt, llm, tts } = profile;
  const modalities = Object.entries({ realtime, stt, llm, tts });
  return rowsOf([
    ['Profile', `${titleOf(profile)}, by SIP route ${profile.sipRoute} through "${profile.called}"`],
    ['Persona', titleOf(persona)],
    ...detailRows(persona, ['instructions', 'welcomeMessage']),
    ['Policy', titleOf(policy)],
    ...detailRows(policy, ['functions', 'adapters', 'intentRouter']),
    ...modalities.flatMap(([type, modality]): [string, string][] =>
      modality ? [[type, `${titleOf(modality)}, provider ${String(modality['provider'])}`]] : [],
    ),
  ]);
}

const titleOf = ({ ref, name }: { ref: string; name: string }): string =>
  ref === name ? ref : `${name} (${ref})`;

const detailRows = (resource: Expanded, names: readonly string[]): [string, string][] =>
  names.flatMap((name): [string, string][] => {
    const value = resource[name];
    const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
    return text === '' ? [] : [[`  ${name}`, text]];
  });

function routeSections({ targets, gatewayCredentialsRef, egressPolicy }: RouteOutcome): Lines[] {
  const rows: [string, string][] = [];
  if (egressPolicy)
    rows.push([
      'Egress',
      `policy ${egressPolicy.index + 1}, rule "${egressPolicy.rule}", number ${egressPolicy.numberRef}`,
    ]);
  if (gatewayCredentialsRef)
    rows.push(['Gateway', `authenticated with credentials ${gatewayCredentialsRef}`]);
  return [rows.length > 0 ? rowsOf(rows) : [], targetLines(targets)];
}

function targetLines(targets: readonly Target[]): Lines {
  const title = targets.length === 1 ? 'Target:' : `Targets, in the order they would be tried:`;
  return [
    title,
    ...targets.flatMap((target, i) => [
      `  ${i + 1}. ${printable(target.uri)}  ${printable(targetText(target))}`,
      ...target.headers.map((change) => `     ${printable(headerText(change))}`),
    ]),
  ];
}

const targetText = ({ via, transport, priority, weight, assumed }: Target): string =>
  [
    `via ${kindOf(via.kind).noun} ${via.ref}`,
    ...(transport === null ? [] : [transport]),
    ...(priority === null ? [] : [`priority ${priority}`]),
    ...(weight === null ? [] : [`weight ${weight}`]),
    ...(assumed ? ['assumed to be registered'] : []),
  ].join(', ');

const headerText = ({ action, name, value }: HeaderChange): string =>
  action === 'add' ? `add ${name}: ${value ?? ''}` : `remove ${name}`;

const warningsOf = ({ warnings }: Decision, paint: Painter): Lines =>
  warnings.map(({ code, message }) => `${paint.caution(`Warning ${code}:`)} ${printable(message)}`);

async function traceOf({ trace }: Decision, paint: Painter): Promise<Lines> {
  const { drawGrid } = await import('./boxes.js');
  const head = ['STAGE', 'SUBJECT', 'OUTCOME', 'REASON', 'CALL', 'CONFIGURATION'];
  const rows = trace.map(({ stage, subject, outcome, reason, compared }) => [
    stage,
    printable(subject),
    outcomePaint(paint)[outcome](outcome),
    reason,
    ...(compared ?? ['', '']).map(printable),
  ]);
  const keep = head.map(() => true);
  return ['Trace:', drawGrid(rows, { head, keep, width: undefined, strong: paint.strong }).trimEnd()];
}

const outcomePaint = (paint: Painter): Record<Outcome, (text: string) => string> => ({
  match: paint.good,
  pass: paint.good,
  fail: paint.bad,
  assumed: paint.caution,
  'no-match': paint.faint,
  note: paint.faint,
});
