/** The place's id, as its token says it: with it a draw can be checked, and an organiser asked. Null of a token of another form. */
export function placeIn(placeToken: string): string | null {
  try {
    const payload = placeToken.split('.')[2]!.replaceAll('-', '+').replaceAll('_', '/');
    const { place } = JSON.parse(atob(payload)) as { place?: unknown };
    return typeof place === 'string' ? place : null;
  } catch {
    return null;
  }
}
