/** How long the analysis of a large configuration takes: 1,000 egress rules over 50 domains, no two alike. */
import { lint } from '../../dist/lib/proof/lint/index.js';
import { buildSnapshot } from './world.js';

const DOMAINS = 50;
const RULES = 20;

/** Country codes and areas as a dial plan has them, in each domain others; some cover or overlap others. */
const egressOf = (domain) =>
  Array.from({ length: RULES }, (_, i) => ({
    rule: rule(domain, i),
    numberRef: `number-${domain * 10 + (i % 3)}`,
  }));

function rule(domain, i) {
  const code = String(100 + ((domain * RULES + i) % 900));
  const digits = 4 + (domain % 7);
  if (i === RULES - 1) return `^\\+\\d{6,${10 + (domain % 6)}}$`;
  if (i % 5 === 4) return `^\\+${code.slice(0, 2)}[0-${domain % 9}]`;
  return `^(\\+|00)${code}[2-9]\\d{${digits},${digits + 8}}$`;
}

/** Seconds that all checks of one run take, the first in this process. */
export async function benchLint() {
  const snapshot = buildSnapshot({
    numbers: 10_000,
    agents: 5_000,
    domains: DOMAINS,
    sipRoutes: 1_000,
    egressOf,
    peers: 200,
    trunks: 20,
  });
  const start = performance.now();
  const findings = [...lint(snapshot)].length;
  const seconds = (performance.now() - start) / 1000;
  return [
    { name: `lint of ${DOMAINS * RULES} egress rules over ${DOMAINS} domains`, value: seconds, unit: 's' },
    { name: 'findings', value: findings, unit: '' },
  ];
}
