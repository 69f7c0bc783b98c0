import { defineKind, type DocumentOf } from './kind.js';

export const persona = defineKind({
  name: 'Persona',
  topic: 'personas',
  noun: 'persona',
  summary: 'how a voice agent behaves and greets',
  fields: {
    instructions: {
      type: 'text',
      summary: 'instructions to the language model',
      required: true,
      multiline: true,
      min: 1,
      max: 65536,
      example: 'You are the concierge of a hotel.',
    },
    welcomeMessage: {
      type: 'text',
      summary: 'first words to the caller',
      multiline: true,
      min: 1,
      max: 4096,
      example: 'Good evening, how may I help?',
    },
  },
  keys: [{ fields: ['name'], unique: true }],
  columns: ['name', 'instructions', 'welcomeMessage'],
  example: { ref: 'concierge', name: 'concierge', instructions: 'You are the concierge of a hotel.' },
});
export type Persona = DocumentOf<typeof persona>;
