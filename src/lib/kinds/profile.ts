import { defineKind, type DocumentOf } from './kind.js';

export const profile = defineKind({
  name: 'Profile',
  topic: 'profiles',
  noun: 'profile',
  summary: 'what handles a call: a persona, a policy and the modalities',
  fields: {
    personaRef: {
      type: 'reference',
      to: 'Persona',
      required: true,
      owner: true,
      summary: 'persona',
      example: 'concierge',
    },
    policyRef: {
      type: 'reference',
      to: 'Policy',
      required: true,
      owner: true,
      summary: 'policy',
      example: 'concierge',
    },
    realtimeRef: {
      type: 'reference',
      to: 'Modality',
      where: { type: 'realtime' },
      owner: true,
      summary: 'realtime modality, instead of stt, llm and tts',
      example: 'realtime/deepgram_rt',
    },
    sttRef: {
      type: 'reference',
      to: 'Modality',
      where: { type: 'stt' },
      owner: true,
      summary: 'speech-to-text modality',
      example: 'stt/deepgram_stt',
    },
    llmRef: {
      type: 'reference',
      to: 'Modality',
      where: { type: 'llm' },
      owner: true,
      summary: 'language model modality',
      example: 'llm/openai_llm',
    },
    ttsRef: {
      type: 'reference',
      to: 'Modality',
      where: { type: 'tts' },
      owner: true,
      summary: 'text-to-speech modality',
      example: 'tts/deepgram_tts',
    },
  },
  keys: [{ fields: ['name'], unique: true }],
  columns: ['name', 'personaRef', 'policyRef', 'realtimeRef', 'sttRef', 'llmRef', 'ttsRef'],
  example: {
    ref: 'main',
    name: 'main',
    personaRef: 'concierge',
    policyRef: 'concierge',
    realtimeRef: 'deepgram_rt',
  },
  check: (doc) => {
    const pipeline = { sttRef: doc.sttRef, llmRef: doc.llmRef, ttsRef: doc.ttsRef };
    const given = Object.entries(pipeline).filter(([, ref]) => ref !== undefined);
    if (doc.realtimeRef !== undefined)
      return given.map(([field]) => ({
        field,
        message:
          'stands beside realtimeRef: expected a realtime modality, or all of stt, llm and tts, not both',
      }));
    if (given.length === 0)
      return [
        {
          field: 'realtimeRef',
          message: 'is missing: expected a realtime modality, or all of stt, llm and tts',
        },
      ];
    return Object.entries(pipeline)
      .filter(([, ref]) => ref === undefined)
      .map(([field]) => ({
        field,
        message: 'is missing: without realtimeRef expected all of stt, llm and tts',
      }));
  },
});
export type Profile = DocumentOf<typeof profile>;
