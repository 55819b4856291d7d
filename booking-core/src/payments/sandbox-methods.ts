import type { SandboxMethod } from '@onsale/shared/http/orders';
import { limits } from '@onsale/shared/limits';
import type { ChargeState } from './provider.ts';

/** A webhook that the sandbox sends about a charge. Times are in ms after the charge. */
export interface PlannedEvent {
  readonly state: ChargeState;
  readonly afterMs: number;
  readonly times: number;
}

export interface Script {
  /** How the charge is answered; a pending one is captured after SANDBOX_SLOW_MS. */
  readonly answer: ChargeState;
  /** It is too late to cancel it as soon as it is asked for. */
  readonly firm?: boolean;
  /** What the sandbox tells by itself; nothing of a charge whose answer said it all. */
  events(slowMs: number): readonly PlannedEvent[];
}

const once = (slowMs: number): PlannedEvent => ({ state: 'captured', afterMs: slowMs, times: 1 });
const pending = (events: Script['events']): Script => ({ answer: 'pending', events });

/** What each method does, and what goes wrong with its webhooks. */
const scripts: Readonly<Record<SandboxMethod, Script>> = {
  sandboxApprove: { answer: 'captured', events: () => [] },
  sandboxDecline: { answer: 'declined', events: () => [] },
  sandboxSlow: pending((slowMs) => [once(slowMs)]),
  sandboxTooLate: { ...pending((slowMs) => [once(slowMs)]), firm: true },
  sandboxWebhookTwice: pending((slowMs) => [{ ...once(slowMs), times: 2 }]),
  sandboxWebhookLate: pending((slowMs) => [once(slowMs + limits.sandboxLateMs)]),
  sandboxWebhookLost: pending(() => []),
  // What the charge was at first is told last.
  sandboxWebhookMixed: pending((slowMs) => [
    once(slowMs),
    { state: 'pending', afterMs: slowMs + 1, times: 1 },
  ]),
};

/** @throws when the method is none of the sandbox's: the routes let none other through */
export function scriptOf(method: string): Script {
  const script = scripts[method as SandboxMethod];
  if (script === undefined) throw new Error(`the sandbox has no method ${method}`);
  return script;
}
