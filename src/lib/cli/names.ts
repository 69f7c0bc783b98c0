/**
 * How fields are called on the command line, derived from their names in documents (docs: "Input" of the command-line
 * contract): `domainRef` is `--domain` and DOMAIN, `egressPolicies` is `--egress` and EGRESS POLICIES.
 */
import { type Field, type Fields, type Kind, isSecret } from '../kinds/kind.js';

/** `accessControlListRef` as `['access', 'control', 'list']`. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/Ref$/, '')
    .split(/(?=[A-Z])/)
    .map((word) => word.toLowerCase());

const ABBREVIATIONS: Record<string, string> = { 'access-control-list': 'acl' };

/** The field in kebab case without `Ref`: `access-control-list`. */
export const kebab = (name: string): string => wordsOf(name).join('-');

/** The short form of a kebab-case name, if it has one: `acl`. */
export const abbreviation = (name: string): string | undefined => ABBREVIATIONS[name];

/** Column header: `EGRESS POLICIES`, `ACL`. */
export function headerOf(name: string): string {
  const long = kebab(name);
  return (abbreviation(long) ?? long.replaceAll('-', ' ')).toUpperCase();
}

/** `egressPolicy` of `egressPolicies`, `function` of `functions`. */
export const singularOf = (text: string): string => text.replace(/ies$/, 'y').replace(/s$/, '');

/** The flag of a field without dashes: one entry of a list or of structs, the file of a secret. */
export function flagName(name: string, field: Field): string {
  if (field.type === 'structs') return field.entry;
  if (field.type === 'list') return singularOf(kebab(name));
  return isSecret(field) ? `${kebab(name)}-file` : kebab(name);
}

/**
 * The field that a person means by a name: the field's own name, its kebab case, its flag or its abbreviation, in any
 * case.
 */
export function findField(kind: Kind, text: string): string | undefined {
  const wanted = text.toLowerCase();
  return Object.entries(kind.fields).find(([name, field]) => namesOf(name, field).includes(wanted))?.[0];
}

function namesOf(name: string, field: Field): string[] {
  const long = kebab(name);
  return [name.toLowerCase(), long, flagName(name, field), abbreviation(long) ?? long];
}

/** The field of a document that a path begins with: of `egressPolicies[0].rule` it is `egressPolicies`. */
export const topOf = (path: string): string => /^[^.[]*/.exec(path)![0];

/** The flag, with its dashes, that sets what a path in the document names: `egressPolicies[0].rule` is `--egress`. */
export function flagOfPath(fields: Fields, path: string): string | undefined {
  if (path === 'ref') return '--ref';
  const name = topOf(path);
  const field = fields[name];
  return field && `--${flagName(name, field)}`;
}
