/** Long work in turns, so that a large write does not hold up calls and decisions. */
import type { Steps } from '../config/steps.js';

/** How long a turn may last. */
const TURN_MS = 20;

/** Does the work; after each turn others have theirs. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  let began = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - began < TURN_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    began = performance.now();
  }
}
