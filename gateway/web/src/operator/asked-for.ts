/** What an operator typed to find somebody: an id of ours, a mail address, or the number of a ticket. */
export type AskedFor =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'email'; readonly email: string }
  | { readonly kind: 'ticket'; readonly ticketId: number }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unclear' };

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function askedFor(typed: string): AskedFor {
  const text = typed.trim();
  if (text === '') return { kind: 'nothing' };
  // An address of an order's page is what fans send.
  const last = text.split('#')[0]!.split('/').at(-1)!;
  if (id.test(last)) return { kind: 'id', id: last.toLowerCase() };
  if (email.test(text)) return { kind: 'email', email: text };
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return { kind: 'ticket', ticketId: Number(text) };
  return { kind: 'unclear' };
}

/** Numbers of tickets as people list them: `3, 4 7-9`. Null when it is no such list, or names more than `most`. */
export function ticketsIn(typed: string, most: number): number[] | null {
  const found = new Set<number>();
  for (const part of typed.split(/[\s,;]+/).filter(Boolean)) {
    const [, from, to = from] = /^(\d{1,9})(?:[-–](\d{1,9}))?$/.exec(part) ?? [];
    if (from === undefined || Number(from) < 1 || Number(to) - Number(from) >= most) return null;
    for (let n = Number(from); n <= Number(to); n++) found.add(n);
  }
  return found.size === 0 || found.size > most ? null : [...found];
}
