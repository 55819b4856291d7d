/**
 * The code of an invitation that the page was opened with, `?invitation=…` or `#invitation=…`. It is taken out of the address,
 * so that it stands neither in the history nor in an address that is passed on.
 */
export function takeInvitation(): string | null {
  const query = new URLSearchParams(location.search);
  const hash = new URLSearchParams(location.hash.slice(1));
  const code = query.get('invitation') ?? hash.get('invitation');
  if (code === null) return null;
  query.delete('invitation');
  hash.delete('invitation');
  const after = [query.size > 0 ? `?${query}` : '', hash.size > 0 ? `#${hash}` : ''].join('');
  history.replaceState(null, '', location.pathname + after);
  return code.trim() === '' ? null : code.trim();
}
