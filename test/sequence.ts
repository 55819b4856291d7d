import { matchesGlob, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that start whole sales, a browser, or a process again and again: the longest first, a crowd beside pages that are
 * mostly waited for.
 */
export const WHOLE = [
  'test/journey/heal.test.ts',
  'gateway/web/test/{waiting-room,choosing}.test.ts',
  'test/journey/crowd.test.ts',
  'gateway/web/test/{operator,line}-desk.test.ts',
  'test/journey/kills.test.ts',
  'gateway/web/test/{refusals,line}.test.ts',
  'test/journey/mutations.test.ts',
  'booking-core/test/kills-of-*.test.ts',
  'gateway/src/admission/worker.test.ts',
  'bin/stack/up.test.ts',
  'loadtest/runner/rehearsal.test.ts',
  'test/journey/rolling.test.ts',
  'loadtest/bench/test/dodgers.test.ts',
  'gateway/web/test/*.test.ts',
  'bin/verify/verify-draw.test.ts',
  'gateway/src/admission/real-core.test.ts',
  'gateway/test/sale.test.ts',
  'test/journey/*.test.ts',
];

const rank = ({ moduleId, project }: TestSpecification): number => {
  const at = WHOLE.findIndex((glob) => matchesGlob(relative(project.config.root, moduleId), glob));
  return at < 0 ? WHOLE.length : at;
};

/** In the order of WHOLE, so that no long file is left alone at the end while a core has nothing to do. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
