import { z } from 'zod';
import { runningSale } from '../../bin/stack/running.ts';
import { readArguments, usage } from './arguments.ts';
import { runCrowd } from './crowd.ts';
import { withPolicy } from './operator.ts';
import { progress, summary } from './print.ts';

async function main(): Promise<number> {
  const wanted = readArguments(process.argv.slice(2));
  if (wanted === undefined) {
    console.log(usage);
    return 0;
  }
  const { crowd, policy, holdTtlMs, json } = wanted;
  const { ONSALE_URL, ONSALE_OPERATOR_TOKEN } = process.env;
  const sale = runningSale();
  const url = crowd.url ?? ONSALE_URL ?? sale?.gatewayUrl;
  if (url === undefined) throw new Error('No sale runs here (bin/up); name one with --url.');

  const run = () =>
    runCrowd({ ...crowd, url }, (tally, seconds) => {
      if (!json) console.log(progress(tally, seconds));
    });
  const changes = Object.keys(policy).length > 0 || holdTtlMs !== undefined;
  // The running sale's own token fits its own address only.
  const operatorToken =
    wanted.operatorToken ??
    ONSALE_OPERATOR_TOKEN ??
    (url === sale?.gatewayUrl ? sale.operatorToken : undefined);
  if (changes && operatorToken === undefined)
    throw new Error('Changing the room needs --operator-token for another sale than that of bin/up.');
  const result = changes
    ? await withPolicy({ url, operatorToken: operatorToken!, event: crowd.event }, { policy, holdTtlMs }, run)
    : await run();
  console.log(json ? JSON.stringify(result, undefined, 2) : summary(result));
  return result.ok ? 0 : 1;
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    if (error instanceof z.ZodError) console.error(z.prettifyError(error));
    else console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
