import { parseArgs } from 'node:util';
import { z } from 'zod';

export const usage = `bin/k6 <script> [options] [-- k6's own arguments]
bin/k6 --list
bin/k6 compare <report A> <report B>

Runs a load script of loadtest/k6 (or one of yours, by its path) against the sale that bin/up runs here, or one of its own,
watches the sale, audits it, and writes a report into .onsale/k6. The scripts' options are environment variables.

  --target <url>      another sale; refused beyond this machine unless you say:
  --this-is-mine      that sale is yours to load. ONSALE_OPERATOR_TOKEN is a manager's token of it (bin/token).
                      With DATABASE_URL and REDIS_URL (REDIS_PREFIX) of it, its promises are looked at too.
  --fans <n>          FANS
  --seed <n>          SEED: the same seed makes the same fans (1)

Ends with 0 when everything was kept, 1 when a promise or a threshold was broken, 2 when it could not be tried or judged,
3 when arrivals were dropped, so that the load was not what was asked for, and 130 when it was stopped.`;

export type Wish =
  | { readonly what: 'help' | 'list' }
  | { readonly what: 'compare'; readonly a: string; readonly b: string }
  | ({ readonly what: 'run' } & RunWish);

export interface RunWish {
  readonly script: string;
  readonly target: string | undefined;
  readonly mine: boolean;
  readonly fans: number | undefined;
  readonly seed: number;
  /** k6's own. */
  readonly rest: readonly string[];
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const Count = z.coerce.number().pipe(z.int().positive());
const Seed = z.coerce.number().pipe(z.int().nonnegative());

/** @param env whose FANS and SEED count when nothing else is said. @throws naming what is unknown, missing or no number. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): Wish {
  const end = args.indexOf('--');
  const [ours, rest] = end === -1 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
  const { values, positionals } = parseArgs({
    args: [...ours],
    allowPositionals: true,
    options: { target: text, 'this-is-mine': flag, fans: text, seed: text, list: flag, help: flag },
  });
  if (values.help) return { what: 'help' };
  if (values.list) return { what: 'list' };
  const [script, ...more] = positionals;
  if (script === undefined) throw new Error('Which script? bin/k6 --list names them, --help says the rest.');
  if (script === 'compare') {
    const [a, b, ...tooMany] = more;
    if (a === undefined || b === undefined || tooMany.length > 0)
      throw new Error('bin/k6 compare <report A> <report B>');
    return { what: 'compare', a, b };
  }
  if (more.length > 0)
    throw new Error(`One script at a time; k6's own arguments come after --, as in: -- ${more[0]}`);
  const own = rest.find((argument) => argument.includes('ONSALE_'));
  if (own !== undefined)
    throw new Error(`${own}: the sale is named by --target, so that load goes only where it may.`);
  const fans = values.fans ?? env.FANS;
  return {
    what: 'run',
    script,
    target: values.target,
    mine: values['this-is-mine'],
    fans: fans === undefined || fans === '' ? undefined : numberIn('--fans', Count, fans),
    seed: numberIn('--seed', Seed, values.seed ?? (env.SEED || '1')),
    rest,
  };
}

function numberIn(name: string, form: z.ZodType<number>, given: string): number {
  const parsed = form.safeParse(given);
  if (!parsed.success) throw new Error(`${name} must be a whole number, not ${given}`);
  return parsed.data;
}
