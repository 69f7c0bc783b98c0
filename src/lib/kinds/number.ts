import { defineKind, type DocumentOf } from './kind.js';

export const number = defineKind({
  name: 'Number',
  topic: 'numbers',
  noun: 'number',
  summary: 'telephone numbers: where their calls go, and by which trunk they call out',
  fields: {
    telUrl: {
      type: 'text',
      summary: 'tel: and the number, with or without +',
      required: true,
      max: 20,
      format: 'tel',
      prefix: 'tel:',
      example: 'tel:+19103434434',
    },
    aorLink: {
      type: 'text',
      summary: 'address of record that takes its calls',
      max: 323,
      format: 'aor',
      example: 'sip:1001@sip.local',
    },
    city: { type: 'text', summary: 'city', required: true, min: 1, max: 60, example: 'Durham, NC' },
    country: { type: 'text', summary: 'country', required: true, min: 1, max: 60, example: 'USA' },
    countryIsoCode: {
      type: 'text',
      summary: 'ISO 3166 code of the country, two letters',
      required: true,
      max: 2,
      format: 'countryCode',
      example: 'US',
    },
    sessionAffinityHeader: {
      type: 'text',
      summary: 'header that keeps a session with one peer',
      max: 60,
      format: 'headerName',
      example: 'X-Room-Id',
    },
    extraHeaders: {
      type: 'structs',
      entry: 'extra-header',
      summary: 'header to add to its calls',
      of: {
        name: { type: 'text', summary: 'header name', required: true, max: 60, format: 'headerName' },
        value: { type: 'text', summary: 'header value', required: true, min: 1, max: 255 },
      },
      example: 'name=X-Room-Id,value=abc',
    },
    trunkRef: { type: 'reference', to: 'Trunk', summary: 'trunk that carries it', example: 'trunk-01' },
  },
  keys: [{ fields: ['telUrl'], unique: true }],
  columns: ['name', 'telUrl', 'aorLink', 'trunkRef', 'city'],
  example: {
    ref: 'number-01',
    name: '(910)343-4434',
    telUrl: 'tel:+19103434434',
    aorLink: 'sip:1001@sip.local',
    city: 'Durham, NC',
    country: 'USA',
    countryIsoCode: 'US',
    trunkRef: 'trunk-01',
  },
  connect: {},
});
export type TelNumber = DocumentOf<typeof number>;
