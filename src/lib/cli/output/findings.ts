/** How findings of lint look. */
import type { Json } from '../../kinds/kind.js';
import { placeText, type Finding, type Place } from '../../proof/lint/finding.js';
import { printable } from './printable.js';
import { valueColumn, type View } from './view.js';

/** What is told of findings beside themselves. */
export interface Telling {
  /** What to type to see the call of a finding decided. */
  simulate(finding: Finding): string | undefined;
  /** Where things stand in files. */
  readonly places: {
    /** `file:line:column`; undefined where no file has it. */
    of(place: Place): string | undefined;
  };
}

/** The view of findings. */
export function findingsView({ simulate, places }: Telling): View<Finding> {
  const related = (finding: Finding) => finding.related.map(placeText);
  return {
    columns: [
      valueColumn('severity', ({ severity }) => severity),
      valueColumn('code', ({ code }) => code),
      valueColumn('object', ({ object }) => placeText(object)),
      valueColumn('place', ({ object }) => places.of(object)),
      valueColumn('message', ({ message }) => message),
      valueColumn('simulate', simulate),
      { name: 'related', header: 'RELATED', shown: 'wide', value: related, texts: related },
    ],
    paragraph: (finding, paint) => {
      const { severity, code, object, message } = finding;
      const loud = { error: paint.bad, warning: paint.caution, note: paint.strong }[severity];
      const place = places.of(object);
      const command = simulate(finding);
      return [
        [
          loud(severity),
          paint.strong(printable(placeText(object))),
          paint.faint(code),
          ...(place === undefined ? [] : [paint.faint(printable(place))]),
        ].join('  '),
        `  ${printable(message)}`,
        ...(command === undefined ? [] : [`  ${paint.faint(printable(command))}`]),
        '',
      ].join('\n');
    },
    document: (finding) =>
      ({
        ...finding,
        related: finding.related.map((one) => ({ ...one, place: places.of(one) ?? null })),
        place: places.of(finding.object) ?? null,
        simulate: simulate(finding) ?? null,
      }) as unknown as Json,
  };
}
