/** How far a long write is, for the line that shows that something is going on. */
const CELLS = 24;

const resources = (count: number): string =>
  `${count.toLocaleString('en')} ${count === 1 ? 'resource' : 'resources'}`;

/** A bar with the share that has been read, from 0 to 1, and a count; only the count where the share is NaN. */
export function progressText(share: number, count: number): string {
  if (Number.isNaN(share)) return `Sent ${resources(count)}`;
  const full = Math.floor(share * CELLS);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${'█'.repeat(full)}${'░'.repeat(CELLS - full)} ${percent} %, ${resources(count)}`;
}

/** When all is sent. */
export const waitingText = (count: number): string => `Sent ${resources(count)}, waiting for the daemon`;
