import { describe } from 'vitest';

/**
 * `describe` for tests of a tool that a machine may lack and nobody but its own tests needs. Without it they are skipped, for
 * the rest can be tried all the same, and `bin/test` names them with the command that brings it; with CI=true they run, and fail.
 * @param tool undefined where it is not here
 */
export const describeWith = (tool: object | string | undefined) =>
  describe.skipIf(tool === undefined && process.env.CI !== 'true');
