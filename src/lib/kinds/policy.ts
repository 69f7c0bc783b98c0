import { defineKind, type DocumentOf } from './kind.js';

const named = { type: 'text', summary: 'name', min: 1, max: 60 } as const;

export const policy = defineKind({
  name: 'Policy',
  topic: 'policies',
  noun: 'policy',
  summary: 'what a voice agent may do: functions, adapters, intent router',
  fields: {
    functions: { type: 'list', of: named, summary: 'function it may call', example: 'book_table' },
    adapters: { type: 'list', of: named, summary: 'adapter it may use', example: 'crm' },
    intentRouter: { type: 'text', summary: 'intent router', min: 1, max: 60, example: 'front_desk' },
  },
  keys: [{ fields: ['name'], unique: true }],
  columns: ['name', 'functions', 'adapters', 'intentRouter'],
  example: { ref: 'concierge', name: 'concierge', functions: ['book_table'] },
});
export type Policy = DocumentOf<typeof policy>;
