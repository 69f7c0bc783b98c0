/** What the names in a request stand for. */
import { CtlError } from '../errors.js';
import type { Catalog } from '../kinds/catalog.js';
import { findKind, kinds } from '../kinds/index.js';
import type { Kind, Resource } from '../kinds/kind.js';
import { didYouMean } from '../kinds/nearest.js';
import { quote } from '../kinds/validate.js';
import { plain } from '../config/problems.js';
import { References } from '../config/references.js';

/** The kind with a name. @throws CtlError usage */
export function namedKind(name: string): Kind {
  const kind = findKind(name);
  if (kind) return kind;
  const names = kinds.map((each) => each.name);
  const message = `is ${quote(name)}${didYouMean(name, names)}: expected one of ${names.join(', ')}`;
  throw new CtlError('usage', `kind ${message}`, { fields: [{ field: 'kind', message }] });
}

/** The resource that a ref or natural key names. @throws CtlError not-found; usage when it is ambiguous */
export function namedResource(catalog: Catalog, kind: Kind, key: string): Resource {
  if (key === '')
    throw new CtlError('usage', `no ${kind.noun} is named: expected a ref or natural key`, {
      fields: [{ field: 'key', message: 'is empty: expected a ref or natural key' }],
    });
  const found = catalog.find(kind.name, key).map((ref) => catalog.get(kind.name, ref)!);
  if (found.length === 1) return found[0]!;
  const references = new References();
  if (found.length === 0)
    throw new CtlError(
      'not-found',
      `there is no ${kind.noun} ${plain(key)}${references.suggest(catalog, kind.name, key)}`,
      {
        hint: `see "ctl ${kind.topic} list"`,
      },
    );
  throw new CtlError(
    'usage',
    `${plain(key)} names several ${kind.topic}: ${references.candidates(catalog, found)}`,
    {
      hint: 'give the ref of one',
    },
  );
}
