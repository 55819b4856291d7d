import { RehearsalRequest } from '@onsale/shared/http/rehearsals';
import { z } from 'zod';

/** Runs in Node, for `bin/k6`; the scripts beside it run in k6, and import nothing of ours. */

const [ofTiers, likeAnother] = RehearsalRequest.options;

/** What stands in the `.setup.json` beside a script: what `bin/k6` sets up for it, and what it is told when nobody says otherwise. */
export const SetupFile = z.strictObject({
  about: z.string().min(1).describe('One sentence, for `bin/k6 --list` and the report'),
  /** Without it the script runs on ONSALE_EVENT, which is not touched otherwise. */
  event: z
    .union([ofTiers.omit({ eventId: true, name: true }), likeAnother.omit({ eventId: true, name: true })])
    .optional()
    .describe('The rehearsal it plays on; bin/k6 names it'),
  defaults: z
    .record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string())
    .default({})
    .describe("The script's options by environment, with what holds when they are not set"),
  warmUp: z
    .record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string())
    .optional()
    .describe(
      'Options that differ in a smaller run on another event, which goes before it on a sale that bin/k6 starts itself',
    ),
  needs: z
    .strictObject({
      limits: z
        .literal('on')
        .optional()
        .describe(
          'The bound of requests per network must be in force; of a sale that bin/k6 starts itself it is',
        ),
    })
    .default({}),
});
export type SetupFile = z.infer<typeof SetupFile>;
