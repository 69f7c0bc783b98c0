/** Durations as people write them: `500ms`, `10s`, `5m`, `1h`, `2d`. */
import { CtlError } from '../errors.js';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Milliseconds of a duration greater than zero, at most 365 days.
 * @param source the flag or variable that gave it
 * @throws CtlError usage
 */
export function parseDuration(text: string, source: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  const ms = parts ? Math.round(Number(parts[1]) * UNITS[parts[2] as keyof typeof UNITS]) : 0;
  if (ms > 0 && ms <= 365 * UNITS.d) return ms;
  const message = `${JSON.stringify(text)} is no duration: expected a number and a unit (ms, s, m, h, d)`;
  throw new CtlError('usage', `${source} ${message}`, {
    hint: `Such as ${source} 10s.`,
    fields: [{ field: source, message }],
  });
}
