/** Doors that are not a fan's, as bots write them. `{event}` is the event of the run. */
export interface Door {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
}

/** Each is a route of the core's internal port, or what every process tells there of itself; none is on the public one. */
export const internalDoors: readonly Door[] = [
  { method: 'GET', path: '/internal/rooms' },
  { method: 'GET', path: '/internal/rooms/{event}' },
  { method: 'PATCH', path: '/internal/rooms/{event}' },
  { method: 'POST', path: '/internal/rooms/{event}/batches' },
  { method: 'POST', path: '/internal/rooms/{event}/epochs' },
  { method: 'GET', path: '/internal/rooms/{event}/turns' },
  { method: 'GET', path: '/internal/rooms/{event}/admissions' },
  { method: 'GET', path: '/internal/events/{event}/stock' },
  { method: 'PATCH', path: '/internal/events/{event}' },
  { method: 'GET', path: '/internal/holds' },
  { method: 'GET', path: '/metrics' },
];

/** Each is an operators' route. */
export const operatorDoors: readonly Door[] = [
  { method: 'GET', path: '/api/v1/operator/rooms' },
  { method: 'GET', path: '/api/v1/operator/rooms/{event}' },
  { method: 'PATCH', path: '/api/v1/operator/rooms/{event}' },
  { method: 'POST', path: '/api/v1/operator/rooms/{event}/removals' },
  { method: 'GET', path: '/api/v1/operator/rooms/{event}/admissions' },
  { method: 'POST', path: '/api/v1/operator/rooms/{event}/invitations' },
  { method: 'PATCH', path: '/api/v1/operator/events/{event}' },
  { method: 'POST', path: '/api/v1/operator/events/{event}/cancellation' },
  { method: 'GET', path: '/api/v1/operator/holds' },
];

/** The same doors, written so that a careless router, proxy or guard might see another path than its neighbour. */
export const trickyPaths: readonly string[] = [
  '/api/v1/events/{event}/../../../../internal/rooms',
  '/api/v1/events/%2e%2e/%2e%2e/%2e%2e/internal/rooms',
  '/api/v1/events/{event}/%2e%2e/%2e%2e/operator/rooms',
  '/api/v1/events/{event}%2f..%2f..%2foperator/rooms',
  '/./internal/rooms',
  '//internal/rooms',
  '/internal%2frooms',
  '/INTERNAL/rooms',
  '/internal/rooms/',
  '/internal/rooms;a=b',
  '/api/v1//operator/rooms',
  '//api/v1/operator/rooms',
  '/api/v1/./operator/rooms',
  '/api/v1/operator%2frooms',
  '/api/v1/%6fperator/rooms',
  '/API/V1/OPERATOR/rooms',
  '/api/v1/operator/rooms/',
  '/api/v1/operator/rooms;/',
  '/api/v1/operator/rooms%00',
  '/api/v1/operator/rooms/{event}/.',
  '/api/v1/events/{event}/line/me/../../../../operator/rooms',
];
