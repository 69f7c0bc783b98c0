/** How findings of lint look. */
import type { Json } from '../../kinds/kind.js';
import { placeText, type Finding } from '../../proof/lint/finding.js';
import { printable } from './printable.js';
import type { Column, View } from './view.js';

/**
 * The view of findings.
 * @param simulate what to type to see the call of a finding decided
 */
export function findingsView(simulate: (finding: Finding) => string | undefined): View<Finding> {
  return {
    columns: [
      column('severity', 'SEVERITY', ({ severity }) => severity),
      column('code', 'CODE', ({ code }) => code),
      column('object', 'OBJECT', ({ object }) => placeText(object)),
      column('message', 'MESSAGE', ({ message }) => message),
      column('simulate', 'SIMULATE', simulate),
      {
        name: 'related',
        header: 'RELATED',
        shown: 'wide',
        value: ({ related }) => related.map(placeText),
        texts: ({ related }) => related.map(placeText),
      },
    ],
    paragraph: (finding, paint) => {
      const { severity, code, object, message } = finding;
      const loud = { error: paint.bad, warning: paint.caution, note: paint.strong }[severity];
      const command = simulate(finding);
      return [
        `${loud(severity)}  ${paint.strong(printable(placeText(object)))}  ${paint.faint(code)}`,
        `  ${printable(message)}`,
        ...(command === undefined ? [] : [`  ${paint.faint(printable(command))}`]),
        '',
      ].join('\n');
    },
    document: (finding) => ({ ...finding, simulate: simulate(finding) ?? null }) as unknown as Json,
  };
}

const column = (
  name: string,
  header: string,
  value: (finding: Finding) => string | undefined,
): Column<Finding> => ({
  name,
  header,
  shown: 'always',
  value,
  texts: (finding) => [value(finding) ?? ''],
});
