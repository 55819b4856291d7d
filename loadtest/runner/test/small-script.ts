import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A load script of a test: a second of looking at its event, and a setup beside it. */
export interface SmallScript {
  readonly path: string;
  remove(): void;
}

interface Behaviour {
  /** k6's text: what each fan does besides. */
  readonly fan?: string;
  readonly fans?: number;
  readonly seconds?: number;
  readonly threshold?: string;
  /** k6's text at the beginning of the run. */
  readonly setup?: string;
  /** What of its event's policy is not as usual. */
  readonly room?: object;
}

export function smallScript(
  name: string,
  { fan = '', fans = 20, seconds = 1, threshold = 'rate==1', setup = '', room = {} }: Behaviour,
): SmallScript {
  const folder = mkdtempSync(join(tmpdir(), 'onsale-script-'));
  const path = join(folder, `${name}.ts`);
  writeFileSync(
    path,
    `import { check, sleep } from 'k6';
import http from 'k6/http';
export const options = {
  scenarios: { fans: { executor: 'constant-arrival-rate', rate: 10, timeUnit: '1s', duration: '${seconds}s', preAllocatedVUs: ${fans}, maxVUs: ${fans} } },
  thresholds: { checks: ['${threshold}'], dropped_iterations: ['count==0'] },
};
export function setup() { ${setup} }
export default function () {
  const answer = http.get(__ENV.ONSALE_URL + '/api/v1/events/' + __ENV.ONSALE_EVENT);
  check(answer, { 'the event is there': ({ status }) => status === 200 });
  ${fan}
}
`,
  );
  const tiers = [{ tierId: 'ga', name: 'General admission', priceMinor: 1_000, quantity: 20 }];
  writeFileSync(
    join(folder, `${name}.setup.json`),
    JSON.stringify({ about: `The script ${name} of a test`, event: { tiers, buyerLimit: 2, room } }),
  );
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}
