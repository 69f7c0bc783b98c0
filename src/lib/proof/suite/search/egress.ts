/** Which users an agent can dial to leave by a rule of its domain: sets of users, exact where rules are analysable. */
import { analysed, isAnalysable, Language, languageOf, type NotAnalysable } from '../../language/language.js';

export type Region = Language | NotAnalysable;

/** Numbers that a reader takes for numbers, in the order in which they are liked. */
const SAMPLES = [
  '+17853178070',
  '17853178070',
  '7853178070',
  '+4930123456',
  '0017853178070',
  '911',
  '112',
  '0',
];
/** Users that something of the configuration takes before they get to any rule are passed over one by one up to here. */
const MOST_TAKEN = 200;

/** `work` over languages, as far as all of them are analysable. */
export function over(languages: readonly Region[], work: (...languages: Language[]) => Language): Region {
  const doubt = languages.find((language) => !isAnalysable(language));
  if (doubt) return doubt;
  return analysed(() => work(...(languages as Language[])));
}

/** The users of a domain's rules by the first one that takes them. */
export class EgressRules {
  /** What the rules before each index take. */
  private readonly before: Region[] = [Language.none];

  constructor(readonly rules: readonly string[]) {}

  /** Users that some rule before this index takes. */
  takenBefore(index: number): Region {
    for (let i = this.before.length; i <= index; i++)
      this.before.push(
        over([this.before[i - 1]!, languageOf(this.rules[i - 1]!)], (taken, rule) => taken.union(rule)),
      );
    return this.before[index]!;
  }

  /** Users that no rule before this index takes, of those in a region. */
  reaching(index: number, region: Region): Region {
    return over([region, this.takenBefore(index)], (users, taken) => users.minus(taken));
  }

  /** Users that this rule is the first to take. */
  first(index: number): Region {
    return this.reaching(index, languageOf(this.rules[index]!));
  }

  /** Users that no rule takes. */
  none(): Region {
    return this.reaching(this.rules.length, Language.all);
  }
}

/**
 * Users of a region that are free, as examples of all of them: one that a reader knows as a number if there is any,
 * and the shortest. None when none is free.
 */
export function examplesOf(
  region: Language,
  isTaken: (user: string) => boolean,
  taken: () => Iterable<string>,
) {
  const sample = SAMPLES.find((user) => region.has(user) && !isTaken(user));
  const shortest = freeUser(region, isTaken, taken);
  return [...new Set([sample, shortest])].filter((user) => user !== undefined);
}

function freeUser(
  region: Language,
  isTaken: (user: string) => boolean,
  taken: () => Iterable<string>,
): string | undefined {
  let count = 0;
  for (const user of region.words()) {
    if (!isTaken(user)) return user;
    if (++count > MOST_TAKEN) {
      const known = [...taken()].filter((user) => region.has(user));
      return region.minus(Language.of(...known)).shortest();
    }
  }
  return undefined;
}
