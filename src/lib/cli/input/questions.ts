/** One question, or a loop of them, for a field, by its type. */
import { CtlError } from '../../errors.js';
import { kindOf } from '../../kinds/index.js';
import {
  type Field,
  type Json,
  type Kind,
  type KindName,
  type ListField,
  type ReferenceField,
  type StructsField,
  type TextField,
  isSecret,
} from '../../kinds/kind.js';
import { singularOf, wordsOf } from '../names.js';
import { printable } from '../output/printable.js';
import type { Asker, Choice, Verdict } from './asker.js';
import { parseScalar } from './scalar.js';

/** A resource that a reference may name. */
export interface Candidate {
  readonly ref: string;
  /** What a person would call it: its natural key. */
  readonly label: string;
  readonly name: string;
}

/**
 * Resources whose ref, name or fields contain a text, from all that exist.
 * @param where values that they must have
 */
export type Search = (
  kind: KindName,
  text: string,
  where: Readonly<Record<string, string>> | undefined,
) => Promise<Candidate[]>;

/** A resource that was chosen. */
export interface Found extends Candidate {
  readonly kind: KindName;
}

type Validation = typeof import('../../kinds/validate.js');

export class Questions {
  private constructor(
    private readonly asker: Asker,
    private readonly search: Search,
    /** Where chosen resources are noted. */
    private readonly found: Found[],
    private readonly validation: Validation,
  ) {}

  static async prepare(asker: Asker, search: Search, found: Found[]): Promise<Questions> {
    return new Questions(asker, search, found, await import('../../kinds/validate.js'));
  }

  /** The wished ref; undefined for a generated one. */
  async ref(kind: Kind): Promise<string | undefined> {
    const check = (answer: string): Verdict =>
      answer === '' ? true : (this.validation.refFault(answer) ?? true);
    const message = `Ref (such as ${kind.example.ref}; empty for a generated UUID):`;
    return (await this.asker.text(message, check)) || undefined;
  }

  /** The value of a field; undefined when it is left out. */
  async field(name: string, field: Field): Promise<Json | undefined> {
    switch (field.type) {
      case 'reference':
        return this.reference(name, field);
      case 'boolean':
        return this.asker.confirm(`${labelOf(name)} (${field.summary})?`, field.default === true);
      case 'choice':
        return this.choice(name, field);
      case 'list':
        return this.list(name, field);
      case 'structs':
        return this.structs(name, field);
      default:
        return isSecret(field) ? this.secret(name, field) : this.typed(name, field);
    }
  }

  private async typed(name: string, field: Field): Promise<Json | undefined> {
    const initial = field.default === undefined ? undefined : String(field.default);
    const check = (answer: string) => this.check(name, field, answer);
    const answer = await this.asker.text(messageOf(name, field), check, initial);
    if (answer === '') return undefined;
    const result = parseScalar(field, answer);
    return 'value' in result ? result.value : undefined;
  }

  private check(name: string, field: Field, answer: string): Verdict {
    if (answer === '' && !field.required) return true;
    const result = parseScalar(field, answer);
    if ('problem' in result) return printable(result.problem);
    const [problem] = this.validation.validateField(name, field, result.value);
    return problem ? printable(problem.message) : true;
  }

  private async secret(name: string, field: TextField): Promise<string | undefined> {
    for (;;) {
      const answer = await this.asker.secret(messageOf(name, field), (text) => this.check(name, field, text));
      if (answer === '') return undefined;
      if ((await this.asker.secret(`${labelOf(name)} again:`, () => true)) === answer) return answer;
      await this.asker.say('They differ: type it again.\n');
    }
  }

  private async choice(name: string, field: Field & { type: 'choice' }): Promise<string | undefined> {
    const none: Choice[] =
      field.required || field.default !== undefined ? [] : [{ value: '', name: '(none)' }];
    const choices = [...none, ...field.values.map((value) => ({ value, name: value }))];
    const initial = typeof field.default === 'string' ? field.default : undefined;
    return (await this.asker.select(`${labelOf(name)} (${field.summary}):`, choices, initial)) || undefined;
  }

  private async reference(name: string, field: ReferenceField): Promise<string | undefined> {
    const { noun, topic } = kindOf(field.to);
    const { to, where } = field;
    if (field.required && (await this.search(to, '', where)).length === 0)
      throw new CtlError('not-found', `there is no ${noun} yet that ${nounOf(name)} could be`, {
        hint: `Create one first: ctl ${topic} create`,
      });
    const seen = new Map<string, Found>();
    const source = async (text: string): Promise<Choice[]> => {
      const candidates = await this.search(to, text, where);
      for (const candidate of candidates) seen.set(candidate.ref, { ...candidate, kind: to });
      const rows = candidates.map((candidate) => ({ value: candidate.ref, name: rowOf(candidate) }));
      return field.required || text !== '' ? rows : [{ value: '', name: '(none)' }, ...rows];
    };
    const ref = await this.asker.search(`${labelOf(name)} (${field.summary}; type to search):`, source);
    const chosen = seen.get(ref);
    if (chosen) this.found.push(chosen);
    return ref || undefined;
  }

  private async list(name: string, field: ListField): Promise<string[]> {
    const entries: string[] = [];
    const label = labelOf(singularOf(name));
    for (;;) {
      const needed = entries.length < (field.min ?? 0);
      const check = (answer: string): Verdict => {
        if (answer === '') return needed ? `expected ${field.summary}` : true;
        if (entries.includes(answer)) return 'is there already';
        return this.check(name, field.of, answer);
      };
      const example = entries.length === 0 && field.example ? `, such as ${field.example}` : '';
      const end = needed ? '' : '; empty to go on';
      const answer = await this.asker.text(`${label} (${field.summary}${example}${end}):`, check);
      if (answer === '') return entries;
      entries.push(answer);
    }
  }

  private async structs(name: string, field: StructsField): Promise<Json[]> {
    const entries: Json[] = [];
    const noun = nounOf(singularOf(name));
    const first = `Add ${noun} (${field.summary})?`;
    while (await this.asker.confirm(entries.length === 0 ? first : `Add another ${noun}?`, false)) {
      const entry: { [key: string]: Json } = {};
      for (const [key, sub] of Object.entries(field.of)) {
        const value = await this.field(key, sub);
        if (value !== undefined) entry[key] = value;
      }
      entries.push(entry);
    }
    return entries;
  }
}

const ACRONYMS = new Set(['aor', 'iso', 'llm', 'stt', 'tts', 'uri', 'url']);

/** `access control list`, `inbound URI`. */
const nounOf = (name: string): string =>
  wordsOf(name)
    .map((word) => (ACRONYMS.has(word) ? word.toUpperCase() : word))
    .join(' ');

/** `Access control list`. */
function labelOf(name: string): string {
  const noun = nounOf(name);
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}

function messageOf(name: string, field: Field): string {
  const example = field.example ? `, such as ${field.example}` : '';
  const optional = field.required || field.default !== undefined ? '' : '; empty for none';
  return `${labelOf(name)} (${field.summary}${example}${optional}):`;
}

const rowOf = ({ ref, label, name }: Candidate): string =>
  printable([...new Set([label, name, ref])].join('  '));
