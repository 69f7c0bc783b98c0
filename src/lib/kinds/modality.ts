import { defineKind, type DocumentOf } from './kind.js';

export const modality = defineKind({
  name: 'Modality',
  topic: 'modalities',
  noun: 'modality',
  summary: 'speech and language services: realtime, stt, tts, llm',
  fields: {
    type: {
      type: 'choice',
      values: ['realtime', 'stt', 'tts', 'llm'],
      required: true,
      summary: 'what it does',
      example: 'realtime',
    },
    provider: { type: 'text', summary: 'provider', required: true, min: 1, max: 60, example: 'deepgram' },
    transport: { type: 'text', summary: 'transport to the provider', min: 1, max: 60, example: 'websocket' },
  },
  keys: [{ fields: ['type', 'name'], separator: '/', unique: true }],
  columns: ['name', 'type', 'provider', 'transport'],
  example: { ref: 'deepgram_rt', name: 'deepgram_rt', type: 'realtime', provider: 'deepgram' },
});
export type Modality = DocumentOf<typeof modality>;
