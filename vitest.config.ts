import { defineConfig } from 'vitest/config';
import { runs } from './test/depth.ts';

export default defineConfig({
  test: {
    include: ['{shared,gateway,booking-core,loadtest,test,bin}/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    // Whole systems are started in tests, each of several processes: more at once only make each other slow.
    maxWorkers: 2,
    testTimeout: runs(60_000, 600_000),
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
});
