import { randomUUID } from 'node:crypto';
import { mayAct, type OperatorRole, operatorRoles } from '@onsale/shared/roles';
import { signToken } from '@onsale/shared/tokens/hmac';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bearer, type Door, openDoor } from '../door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

interface Operation {
  readonly operationId: string;
  readonly security?: ReadonlyArray<Record<string, string[]>>;
}

/** Every operators' route of the document, with the role that it says. */
async function operatorRoutes() {
  const document = (await (await door.call('/openapi.json')).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/v1/operator/'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId, security }]) => ({
        method: method.toUpperCase(),
        path: path
          .replace('{eventId}', 'club-night')
          .replace('{invitationId}', '0'.repeat(20))
          .replace(/\{(orderId|holdId)\}/, randomUUID()),
        operationId,
        role: security?.[0]?.operator?.[0] as OperatorRole | undefined,
      })),
    );
}
const as = (role: OperatorRole) =>
  bearer(signToken(door.needs.ring, 'operator', { name: 'olga', role, expiresAtMs: Date.now() + 60_000 }));

test('[API-30] [API-7] every operators’ route is tried with every role: a lesser one is refused before anything is read', async () => {
  const routes = await operatorRoutes();
  expect(routes.length).toBeGreaterThanOrEqual(13);
  const tried = { refused: 0, let: 0 };
  for (const { method, path, operationId, role } of routes) {
    expect(operatorRoles, operationId).toContain(role);
    for (const has of operatorRoles) {
      const body =
        method === 'GET'
          ? {}
          : { body: 'nonsense', headers: { ...as(has), 'content-type': 'application/json' } };
      const http = await door.call(path, { method, headers: as(has), ...body });
      const { code } = (await http.json()) as { code: string };
      const allowed = mayAct(has, role!);
      tried[allowed ? 'let' : 'refused'] += 1;
      if (allowed)
        expect(['malformed', 'unavailable', 'idempotencyKeyMissing'], `${operationId} as ${has}`).toContain(
          code,
        );
      else expect(code, `${operationId} as ${has}`).toBe('forbidden');
    }
  }
  expect(tried.refused).toBeGreaterThan(tried.let / 3);
});

test('[API-30] who decides may serve, who serves may read, and nobody the other way round', async () => {
  const roles = new Map((await operatorRoutes()).map(({ operationId, role }) => [operationId, role]));
  expect(Object.fromEntries(roles)).toEqual({
    listOperatorRooms: 'viewer',
    getOperatorRoom: 'viewer',
    listAdmissions: 'viewer',
    createCheckIn: 'desk',
    moveStock: 'desk',
    createComp: 'desk',
    listOperatorHolds: 'desk',
    releaseOperatorHold: 'desk',
    searchOperatorOrders: 'desk',
    getOperatorOrder: 'desk',
    patchOperatorRoom: 'manager',
    patchOperatorEvent: 'manager',
    refundOperatorOrder: 'manager',
    cancelOperatorEvent: 'manager',
    drawNewSeed: 'manager',
    createInvitations: 'manager',
    listInvitations: 'manager',
    revokeInvitation: 'manager',
    removePlace: 'manager',
    revokeTurn: 'manager',
    createRehearsal: 'manager',
    endRehearsal: 'manager',
    createLoadTestToken: 'manager',
  });
  const head = await door.call('/api/v1/operator/holds?eventId=club-night', {
    method: 'HEAD',
    headers: as('viewer'),
  });
  expect(head.status).toBe(403);
  const strange = bearer(
    signToken(door.needs.ring, 'operator', {
      name: 'olga',
      role: 'operator' as OperatorRole,
      expiresAtMs: Date.now() + 60_000,
    }),
  );
  expect((await door.call('/api/v1/operator/rooms', { headers: strange })).status).toBe(401);
  expect((await door.call('/api/v1/operator/nothing', { headers: as('viewer') })).status).toBe(404);
});
