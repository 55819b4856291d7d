import { parseArgs } from 'node:util';
import { runningSale } from '../../bin/stack/running.ts';
import { auditSale } from './audit.ts';
import { printed } from './print.ts';

const usage = `bin/audit [--event <id>] [--while-it-runs] [--json]

Checks the promises on what Postgres and Redis hold, and ends with status 1 when one is broken, 2 when it could not look.
The sale is the one that bin/up runs, or the one of DATABASE_URL, REDIS_URL and REDIS_PREFIX.

  --event <id>       this event alone
  --while-it-runs    do not wait until nothing is in flight, and do not judge what is
  --json             the report as one JSON object`;

/** The environment wins over the running sale, as a whole: halves of two sales would only look broken. */
function where(env: NodeJS.ProcessEnv): { databaseUrl: string; redisUrl: string; redisPrefix: string } {
  const { DATABASE_URL, REDIS_URL, REDIS_PREFIX = 'onsale' } = env;
  if (DATABASE_URL && REDIS_URL)
    return { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL, redisPrefix: REDIS_PREFIX };
  const sale = runningSale();
  if (sale === undefined)
    throw new Error('No sale runs here (bin/up), and DATABASE_URL and REDIS_URL are not set.');
  return sale;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      event: { type: 'string' },
      'while-it-runs': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const report = await auditSale({
    ...where(process.env),
    ...(values.event === undefined ? {} : { event: values.event }),
    atRest: !values['while-it-runs'],
  });
  console.log(values.json ? JSON.stringify(report, undefined, 2) : printed(report));
  return report.clean ? 0 : 1;
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
