import { parseArgs } from 'node:util';
import type { RoomPatch } from '@onsale/shared/http/internal';
import type { CrowdInput } from './options.ts';

export const usage = `bin/crowd --event <id> --fans <number> [options]

Simulated fans of the running sale, over its real HTTP and Socket.IO interfaces.

  --arrival <s>        they come within this time, evenly (5)
  --think <s>          mean pause before each thing a shopper does (0.3)
  --within <s>         when every fan must have had his answer (600)
  --seed <n>           another crowd (1)
Odds, from 0 to 1, all 0 when not said:
  --vanish             holds tickets and is never seen again
  --give-up            leaves on purpose, half of them in the line, half with a hold
  --no-show            does not come when it is his turn
  --decline            has a card that is declined at first
  --poll               asks for his status instead of keeping a socket
Set at the operator's desk for this run, and put back afterwards:
  --hold-ttl <s>  --claim-window <s>  --session-ttl <s>  --rate <fans a minute>  --capacity <n>
Where:
  --url <address> --operator-token <token>   another sale than that of bin/up (ONSALE_URL, ONSALE_OPERATOR_TOKEN)
  --elsewhere                                that address may be another machine
  --json                                     the result as one JSON object, without progress lines`;

export interface Arguments {
  readonly crowd: Omit<CrowdInput, 'url'> & { url?: string };
  readonly policy: RoomPatch;
  readonly holdTtlMs?: number;
  readonly operatorToken?: string;
  readonly json: boolean;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

/** @returns undefined when help was asked for. @throws naming what is unknown, missing or not a number. */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      event: text,
      fans: text,
      arrival: text,
      think: text,
      within: text,
      seed: text,
      vanish: text,
      'give-up': text,
      'no-show': text,
      decline: text,
      poll: text,
      'hold-ttl': text,
      'claim-window': text,
      'session-ttl': text,
      rate: text,
      capacity: text,
      url: text,
      'operator-token': text,
      elsewhere: flag,
      json: flag,
      help: flag,
    },
  });
  if (values.help) return undefined;
  if (values.event === undefined || values.fans === undefined)
    throw new Error('--event and --fans are needed; --help shows the rest');

  const number = (name: keyof typeof values, scale = 1): number | undefined => {
    const given = values[name];
    if (given === undefined) return undefined;
    const parsed = Number(given);
    if (given === '' || !Number.isFinite(parsed)) throw new Error(`--${name} must be a number, not ${given}`);
    return parsed * scale;
  };
  const seconds = (name: keyof typeof values): number | undefined => number(name, 1_000);
  return defined({
    crowd: defined({
      event: values.event,
      fans: number('fans')!,
      url: values.url,
      seed: number('seed'),
      arrivalMs: seconds('arrival'),
      thinkMs: seconds('think'),
      withinMs: seconds('within'),
      vanish: number('vanish'),
      giveUp: number('give-up'),
      noShow: number('no-show'),
      decline: number('decline'),
      poll: number('poll'),
      elsewhere: values.elsewhere,
    }),
    policy: defined({
      ratePerMinute: number('rate'),
      capacity: number('capacity'),
      claimWindowMs: seconds('claim-window'),
      sessionTtlMs: seconds('session-ttl'),
    }),
    holdTtlMs: seconds('hold-ttl'),
    operatorToken: values['operator-token'],
    json: values.json,
  });
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Without what is undefined: an option that is not said must not shadow its default. */
function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
