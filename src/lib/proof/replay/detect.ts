/** What a file of past calls is, by how it begins. */
import { AccLogReader, CsvReader, hasAccLines, JsonlReader } from './cdr-files.js';
import { CaptureReader } from './capture.js';
import type { Mapping } from './layout.js';
import type { PastReader } from './past.js';
import { isPcap, PcapFile } from './pcap.js';
import { isPcapng, PcapngFile } from './pcapng.js';
import { isStartLine } from './sip.js';
import { textOf } from './stream.js';
import { SipTextReader } from './text.js';

export interface ReadingOptions {
  /** Columns of CDRs that have names of their own. */
  readonly mapping: Mapping;
  /** What stands between values of CSV; absent: what the first line has most of. */
  readonly delimiter?: string | undefined;
  /** In captures only INVITEs to these addresses are calls; empty: all are. */
  readonly servers: readonly string[];
}

/** Names of what can be read, as `--input` has them. */
export const INPUTS = ['csv', 'jsonl', 'acc', 'sip', 'pcap', 'pcapng'] as const;
export type InputName = (typeof INPUTS)[number];

/** What a file is, by its first bytes. */
export function inputOf(bytes: Uint8Array): InputName {
  if (isPcap(bytes)) return 'pcap';
  if (isPcapng(bytes)) return 'pcapng';
  const text = textOf(bytes.subarray(0, 65_536)).replace(/^\ufeff/, '');
  if (text.trimStart().startsWith('{')) return 'jsonl';
  if (hasAccLines(text)) return 'acc';
  return text.split(/\r?\n/).some(isStartLine) ? 'sip' : 'csv';
}

/** @param file its name, for the places of what is found */
export function readerOf(input: InputName, file: string, options: ReadingOptions): PastReader {
  const { mapping, delimiter, servers } = options;
  switch (input) {
    case 'pcap':
      return new CaptureReader(file, new PcapFile(), servers);
    case 'pcapng':
      return new CaptureReader(file, new PcapngFile(), servers);
    case 'sip':
      return new SipTextReader(file);
    case 'jsonl':
      return new JsonlReader(file, mapping);
    case 'acc':
      return new AccLogReader(file, mapping);
    case 'csv':
      return new CsvReader(file, mapping, delimiter);
  }
}
