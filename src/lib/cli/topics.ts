/** The topics of the command line: one for every kind of resource, and those whose commands are about something else. */
import { kinds } from '../kinds/index.js';

export interface Topic {
  /** `sip-routes`. */
  readonly name: string;
  /** One line: lower case, no full stop. */
  readonly description: string;
}

/** The topics of resources. */
export const resourceTopics: readonly Topic[] = kinds
  .map(({ topic, summary }) => ({ name: topic, description: summary }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The other topics. */
export const otherTopics: readonly Topic[] = [
  { name: 'connect-tokens', description: 'tokens with which agents reach peers' },
  { name: 'route', description: 'ask what a call would do' },
];
