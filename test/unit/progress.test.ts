import { expect, test } from '@jest/globals';
import { progressText, waitingText } from '../../src/lib/cli/progress.js';

test('a bar where it is known how much there is, else a count', () => {
  expect(progressText(0, 1)).toBe('░░░░░░░░░░░░░░░░░░░░░░░░   0 %, 1 resource');
  expect(progressText(0.5, 45_000)).toBe('████████████░░░░░░░░░░░░  50 %, 45,000 resources');
  expect(progressText(0.999, 2)).toBe('███████████████████████░  99 %, 2 resources');
  expect(progressText(1, 100_000)).toBe('████████████████████████ 100 %, 100,000 resources');
  expect(progressText(NaN, 1000)).toBe('Sent 1,000 resources');
  expect(waitingText(0)).toBe('Sent 0 resources, waiting for the daemon');
});
