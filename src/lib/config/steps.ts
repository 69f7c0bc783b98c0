/** Long work that can pause: a large plan takes seconds, and the process has other things to do meanwhile. */

/** Work that pauses at each `yield`. */
export type Steps<T> = Generator<void, T, void>;

/** Does the work without pause. */
export function atOnce<T>(steps: Generator<unknown, T, void>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
