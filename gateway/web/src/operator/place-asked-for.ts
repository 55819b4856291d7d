/** Whom an operator means: a place by its number, as the fan's page or the audit has it, or all that is a buyer's. Null: unclear. */
export function placeAskedFor(typed: string): { place: string } | { buyer: string } | null {
  const text = typed.trim();
  if (/^[A-Za-z0-9_-]{22}$/.test(text)) return { place: text };
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return { buyer: text.toLowerCase() };
  return null;
}
