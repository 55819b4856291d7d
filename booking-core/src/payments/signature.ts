import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import type { Keyring } from '@onsale/shared/tokens/keyring';

/**
 * Signatures of webhooks: `t=<epoch seconds>,v1=<hex>`, HMAC-SHA256 over time, a full stop and the body. The time is signed
 * too, so what was overheard is good for limits.webhookToleranceMs only.
 */
const FORM = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

export interface WebhookKeys {
  readonly current: KeyObject;
  readonly all: readonly KeyObject[];
}

/** Keys of one provider's webhooks, derived from the ring: rotating it rotates them, and none is good for a token. */
export function webhookKeys(ring: Keyring, provider: string): WebhookKeys {
  const derived = (key: KeyObject): KeyObject =>
    createSecretKey(createHmac('sha256', key).update(`webhook\0${provider}`).digest());
  return { current: derived(ring.current.key), all: [...ring.byKid.values()].map(derived) };
}

const macOf = (key: KeyObject, atS: number, bytes: Uint8Array): Buffer =>
  createHmac('sha256', key).update(`${atS}.`).update(bytes).digest();

export function signWebhook({ current }: WebhookKeys, bytes: Uint8Array, nowMs: number): string {
  const atS = Math.floor(nowMs / 1000);
  return `t=${atS},v1=${macOf(current, atS, bytes).toString('hex')}`;
}

/** @throws Refusal webhookForged when the signature is missing, of another body or key, or too old */
export function checkWebhook(
  { all }: WebhookKeys,
  signature: string | null,
  bytes: Uint8Array,
  nowMs: number,
): void {
  const [, time, hex] = FORM.exec(signature ?? '') ?? [];
  if (time === undefined || hex === undefined) throw new Refusal('webhookForged');
  const atS = Number(time);
  const given = Buffer.from(hex, 'hex');
  // Every key is tried, in time that does not tell which one fits.
  const fitting = all.filter((key) => timingSafeEqual(given, macOf(key, atS, bytes)));
  if (fitting.length === 0 || Math.abs(nowMs - atS * 1000) > limits.webhookToleranceMs) {
    throw new Refusal('webhookForged');
  }
}
