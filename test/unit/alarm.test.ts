import { Alarm } from '../../src/lib/daemon/confirmation.js';

/** When an alarm rang, in milliseconds after it was set, by a clock that does not jump. */
function rings(moment: number): { after: Promise<number>; alarm: Alarm } {
  const began = performance.now();
  let ring = () => {};
  const after = new Promise<number>((resolve) => {
    ring = () => resolve(performance.now() - began);
  });
  const alarm = new Alarm(() => ring());
  alarm.set(moment);
  return { after, alarm };
}

const { now } = Date;
afterEach(() => {
  Date.now = now;
});

test('rings at its moment, at once when that has passed, and not before', async () => {
  const soon = await rings(now() + 120).after;
  expect(soon).toBeGreaterThanOrEqual(100);
  expect(soon).toBeLessThan(5000);
  expect(await rings(now() - 1000).after).toBeLessThan(1000);
});

test('goes by the wall clock when that jumps ahead', async () => {
  const { after } = rings(now() + 3_600_000);
  Date.now = () => now() + 3_600_000;
  expect(await after).toBeLessThan(5000);
});

test('goes by the wall clock when that is set back', async () => {
  const { after, alarm } = rings(now() + 50);
  Date.now = () => now() - 300;
  const early = await Promise.race([after, new Promise((resolve) => setTimeout(resolve, 200, 'silent'))]);
  expect(early).toBe('silent');
  expect(await after).toBeGreaterThanOrEqual(330);
  alarm.set(undefined);
});
