import { parseArgs } from 'node:util';
import { printed } from './print.ts';
import { verifyFile } from './verify-file.ts';

const usage = `bin/verify-draw <file> [--seed <hex> --commitment <hex>] [--last <hex>]

Recomputes who was let in, and in what order, from the operator's export; asks nobody. Ends with status 1 when something
is not as it should be, 2 when it could not look.

  <file>              pages of GET /api/v1/operator/rooms/<event>/admissions, each in a line, oldest first
  --commitment <hex>  of a draw: what GET /api/v1/events/<event>/room said before the first fan joined
  --seed <hex>        of a draw: what the same says since its doors are open
  --last <hex>        hash of the last batch, when it is known from elsewhere: without it nobody can say that the file
                      goes to the end, or that the whole of it was not written anew`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      commitment: { type: 'string' },
      last: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [file, ...more] = positionals;
  const { seed, commitment, last } = values;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (file === undefined || more.length > 0 || (seed === undefined) !== (commitment === undefined)) {
    throw new Error(usage);
  }
  const report = await verifyFile(file, {
    ...(seed === undefined || commitment === undefined ? {} : { published: { seed, commitment } }),
    ...(last === undefined ? {} : { last }),
  });
  console.log(printed(report));
  return report.faults.length === 0 ? 0 : 1;
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
