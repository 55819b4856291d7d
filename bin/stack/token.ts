import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@onsale/shared/config';
import { payloads, signToken } from '@onsale/shared/tokens/hmac';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { secretsIn } from './secrets.ts';
import { stateFolder } from './state.ts';

const usage = `bin/token <name> [--role viewer|desk|manager] [--hours <n>]

Prints a token for an operator. The name goes into the audit. Signed with the newest of HMAC_KEYS, or with the key of the sale
that bin/up runs here; it cannot be taken back before it ends, except with its key.

  --role <role>   viewer reads numbers, desk serves fans, manager decides (default viewer)
  --hours <n>     how long it is good, at most 168 (default 12)`;

const HOURS_MAX = 168;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      role: { type: 'string', default: 'viewer' },
      hours: { type: 'string', default: '12' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const hours = Number(values.hours);
  const operator = payloads.operator.safeParse({
    name: positionals[0],
    role: values.role,
    expiresAtMs: Date.now() + hours * 3_600_000,
  });
  if (positionals.length !== 1 || !operator.success || !(hours > 0 && hours <= HOURS_MAX)) {
    console.error(usage);
    return 2;
  }
  const keys = process.env.HMAC_KEYS ?? secretsIn(join(stateFolder, 'up')).HMAC_KEYS;
  console.log(
    signToken(keyringOf(readConfig({ HMAC_KEYS: keys }, ['HMAC_KEYS']).HMAC_KEYS), 'operator', operator.data),
  );
  return 0;
}

process.exitCode = main();
