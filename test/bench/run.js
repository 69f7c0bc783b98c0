/**
 * `npm run bench`: what can be measured, in one run, mostly as ratios, because machines differ and are shared.
 * Names of benches may be given: npm run bench -- decide requests calls
 */
const benches = {
  decide: async () => {
    const { benchDecide } = await import('./decide.js');
    const { plain, explain } = await benchDecide();
    return [
      { name: 'decisions, in process', value: plain, unit: '/s' },
      { name: 'decisions with explanation of 1,000 SIP routes', value: explain, unit: '/s' },
    ];
  },
  requests: async () => (await import('./requests.js')).benchRequests(),
  calls: async () => (await import('./calls.js')).benchCalls(),
  impact: async () => (await import('./impact.js')).benchImpact(),
  lint: async () => (await import('./lint.js')).benchLint(),
  files: async () => (await import('./files.js')).benchFiles(),
  suite: async () => (await import('./suite.js')).benchSuite(),
  replay: async () => (await import('./replay.js')).benchReplay(),
  startup: async () => (await import('./startup.js')).benchStartup(),
};

delete process.env['NODE_EXTRA_CA_CERTS'];
const wanted = process.argv.slice(2);
for (const [bench, run] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(bench)) continue;
  console.log(`\n${bench}`);
  for (const { name, value, unit } of await run())
    console.log(
      `  ${name.padEnd(48)} ${value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 })} ${unit}`,
    );
}
