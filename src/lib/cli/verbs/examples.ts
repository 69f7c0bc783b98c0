/** Examples for help, built from each kind's example document. */
import { type Document, type Json, type Kind, isSecret } from '../../kinds/kind.js';
import { formatStructured } from '../input/structured.js';
import { flagName } from '../names.js';

/** The command line as an example shows it. */
export const example = (description: string, command: string): { description: string; command: string } => ({
  description,
  command: `<%= config.bin %> ${command}`,
});

const plain = (text: string): string => (/^[\w@.:/+-]+$/.test(text) ? text : `'${text}'`);

/** `agents create --ref agent-01 --name 'John Doe' …`: what makes the example, secrets from stdin. */
export function exampleCommand(kind: Kind): string {
  const words = [`${kind.topic} create`, `--ref ${kind.example.ref}`];
  for (const [name, field] of Object.entries(kind.fields)) {
    const flag = `--${flagName(name, field)}`;
    if (isSecret(field)) {
      words.push(`${flag} password.txt`);
      continue;
    }
    const value = kind.example[name];
    if (value === undefined) continue;
    const entries: Json[] = field.type === 'list' || field.type === 'structs' ? (value as Json[]) : [value];
    for (const entry of entries) {
      const text = field.type === 'structs' ? formatStructured(field, entry as Document) : String(entry);
      words.push(`${flag} ${plain(text)}`);
    }
  }
  return words.join(' ');
}
