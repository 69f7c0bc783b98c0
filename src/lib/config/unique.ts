/** No two resources may share a unique key once a write is done. */
import { type Catalog, keyValue } from '../kinds/catalog.js';
import { kindOf } from '../kinds/index.js';
import type { Document, Kind, NaturalKey } from '../kinds/kind.js';
import { quote } from '../kinds/validate.js';
import type { Change } from './operation.js';
import type { Problems } from './problems.js';
import { named } from './references.js';
import type { Steps } from './steps.js';
import type { Claims } from './targets.js';

/** Checks the final state, so that resources may swap their keys. `changes` are by operation index. */
export function* checkUnique(
  draft: Catalog,
  changes: ReadonlyMap<number, Change>,
  claims: Claims,
  problems: Problems,
): Steps<void> {
  for (const [index, { after, effect }] of changes) {
    yield;
    if (!after || effect === 'unchanged') continue;
    const kind = kindOf(after.kind);
    for (const [i, key] of kind.keys.entries()) {
      const value = key.unique ? keyValue(kind, key, after.doc) : undefined;
      if (value === undefined) continue;
      const other = draft.holders(kind.name, i, value).find((ref) => {
        const rival = claims.of(kind.name, ref);
        return (
          ref !== after.ref &&
          (rival === undefined || rival < index || changes.get(rival)?.effect === 'unchanged')
        );
      });
      if (other === undefined) continue;
      const holder = `${kind.noun} ${named(draft, draft.get(kind.name, other)!)}`;
      problems.add(
        index,
        'ALREADY_EXISTS',
        key.fields[0]!,
        `${taken(draft, kind, key, after.doc)}, which ${holder} has already`,
      );
    }
  }
}

/** `is "1001" with domainRef "sip.local"`: the key's values, references by their label. */
function taken(draft: Catalog, kind: Kind, key: NaturalKey, doc: Document): string {
  const [first, ...rest] = key.fields.map((name) => {
    const field = kind.fields[name]!;
    const value = String(doc[name]);
    const target = field.type === 'reference' ? draft.get(field.to, value) : undefined;
    return { name, text: quote(target ? draft.label(target) : value) };
  });
  return [`is ${first!.text}`, ...rest.map(({ name, text }) => `${name} ${text}`)].join(' with ');
}
