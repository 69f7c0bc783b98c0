/** Long work in turns, so that it does not hold up calls and decisions. */
import type { Steps } from '../config/steps.js';

/** How long a turn may last. */
const TURN_MS = 20;

/** Turns of some work that is done piece by piece. */
export class Turns {
  private began = performance.now();

  /** To be awaited between two pieces: when the turn is over others have theirs. */
  pass(): Promise<void> | undefined {
    if (performance.now() - this.began < TURN_MS) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        this.began = performance.now();
        resolve();
      }),
    );
  }
}

/** Does the work; after each turn others have theirs. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  const turns = new Turns();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    // An await for each of many small steps would take longer than they do.
    const pause = turns.pass();
    if (pause) await pause;
  }
}
