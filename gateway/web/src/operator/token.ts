const storageKey = 'onsale:operator';

/**
 * The operator's token: from the address the first time, and then from this window's storage, so that it stands neither in
 * the address bar nor in the history.
 */
export function takeToken(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null && given !== '') {
    sessionStorage.setItem(storageKey, given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(storageKey);
}

export const dropToken = (): void => sessionStorage.removeItem(storageKey);
