/** Times as records have them. */

const EPOCH = /^(\d{9,10})(?:\.(\d+))?$|^(\d{13})$/;
const DATE = /^(\d{4})[-/](\d\d)[-/](\d\d)(?:[ T](\d\d:\d\d:\d\d(?:[.,]\d+)?)\s*(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * Milliseconds since the epoch of a time: in seconds (also with a fraction) or milliseconds since the epoch, or a
 * date and a time of day; without a zone it is the local time of this machine. Undefined for anything else.
 */
export function timeOf(text: string): number | undefined {
  const epoch = EPOCH.exec(text);
  if (epoch) return epoch[3] ? Number(epoch[3]) : Math.floor(Number(text) * 1000);
  const parts = DATE.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, time = '00:00:00', zone = ''] = parts;
  const at = Date.parse(
    `${year}-${month}-${day}T${time.replace(',', '.')}${zone.replace(/^(...)(\d\d)$/, '$1:$2')}`,
  );
  return Number.isNaN(at) ? undefined : at;
}
