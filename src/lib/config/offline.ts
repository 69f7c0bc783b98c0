/** The checks of a write on documents alone, with no daemon and nothing there already. Pure. */
import type { FieldError } from '../errors.js';
import { Catalog } from '../kinds/catalog.js';
import { type Document, type Kind, isSecret } from '../kinds/kind.js';
import type { Operation } from './operation.js';
import { plan } from './plan.js';
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

/**
 * Every problem that putting the documents into an empty store would have: `field` is the place, the resource and
 * the path (`agents.yaml:3:5 agents/agent-01: username`). References must be within the documents. A secret may
 * be left out: files do not carry those that are stored.
 */
export function validateOffline(documents: readonly OfflineDocument[]): FieldError[] {
  let count = 0;
  const next = () => ++count;
  try {
    plan(Catalog.empty, documents.map(putOf), {
      cascade: false,
      now: 0,
      newRef: () => `generated-${next()}`,
      nextSeq: next,
    });
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.problems.map(({ operation, field, message }) => {
      const document = documents[operation]!;
      const { kind, ref } = document;
      const path = field === '' ? '' : `: ${field}`;
      return { field: `${document.where(field)} ${kind.topic}/${plain(ref)}${path}`, message };
    });
  }
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
