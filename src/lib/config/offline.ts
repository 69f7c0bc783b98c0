/** The checks of a write on documents alone, with no daemon and nothing there already. Pure. */
import type { FieldError } from '../errors.js';
import { Catalog } from '../kinds/catalog.js';
import { kinds } from '../kinds/index.js';
import { type Document, type Kind, isSecret } from '../kinds/kind.js';
import type { Operation } from './operation.js';
import { type Plan, plan } from './plan.js';
import { plain, PlanError } from './problems.js';

/** A document that was read from somewhere. */
export interface OfflineDocument {
  readonly kind: Kind;
  /** A ref, or a natural key that stands for it. */
  readonly ref: string;
  readonly doc: Document;
  /** `file:line:column` of a field, by its path in `doc`; of the document for an empty path. */
  where(path: string): string;
}

/** What documents make of a configuration, or every problem of them. */
export type Laid = { readonly plan: Plan } | { readonly problems: readonly FieldError[] };

/**
 * Puts documents over a configuration, as a daemon would, and stores nothing. In a problem `field` is the place, the
 * resource and the path (`agents.yaml:3:5 agents/agent-01: username`). A secret may be left out: files do not carry
 * those that are stored.
 */
export function layOver(catalog: Catalog, documents: readonly OfflineDocument[]): Laid {
  let count = 0;
  for (const kind of kinds) for (const { seq } of catalog.all(kind.name)) count = Math.max(count, seq);
  const next = () => ++count;
  try {
    const context = { cascade: false, now: 0, newRef: () => `generated-${next()}`, nextSeq: next };
    return { plan: plan(catalog, documents.map(putOf), context) };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const problems = error.problems.map(({ operation, field, message }) => {
      const document = documents[operation]!;
      const { kind, ref } = document;
      const path = field === '' ? '' : `: ${field}`;
      return { field: `${document.where(field)} ${kind.topic}/${plain(ref)}${path}`, message };
    });
    return { problems };
  }
}

/** Every problem that putting the documents into an empty store would have; references must be within them. */
export function validateOffline(documents: readonly OfflineDocument[]): readonly FieldError[] {
  const laid = layOver(Catalog.empty, documents);
  return 'problems' in laid ? laid.problems : [];
}

const putOf = ({ kind, ref, doc }: OfflineDocument): Operation => ({
  action: 'put',
  kind: kind.name,
  key: ref,
  document: { ...storedSecrets(kind), ...doc },
});

/** Stands for the secrets that only the store has. */
const storedSecrets = (kind: Kind): Document =>
  Object.fromEntries(
    Object.entries(kind.fields).flatMap(([name, field]) =>
      isSecret(field) && field.required ? [[name, '-'.repeat(field.min ?? 1)]] : [],
    ),
  );
