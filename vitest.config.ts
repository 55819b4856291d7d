import { defineConfig } from 'vitest/config';
import { runs } from './test/depth.ts';
import { LongestFirst, WHOLE } from './test/sequence.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // Bounds for what hangs, and no claims: a machine may be busy with much else.
    testTimeout: runs(180_000, 600_000),
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    projects: [
      {
        extends: true,
        // A sale that runs is mostly waited for: three keep two cores at work.
        test: { name: 'whole', include: WHOLE, maxWorkers: 3, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        // Afterwards, beside no sale: what computes, and what looks at the clock.
        test: {
          name: 'parts',
          include: ['{shared,gateway,booking-core,loadtest,test,bin}/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...WHOLE],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
