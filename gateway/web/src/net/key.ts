/** A fresh Idempotency-Key: 128 random bits. (`randomUUID` is missing on pages served without TLS.) */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
