import type { Invitation } from '@onsale/shared/http/invitations';
import type { InvitationsTable } from '@onsale/shared/tables';
import type { Selectable } from 'kysely';

export const invitationOf = (row: Selectable<InvitationsTable>): Invitation => ({
  invitationId: row.id,
  label: row.label,
  lane: row.lane,
  subject: row.subject,
  usesMax: row.uses_max,
  uses: row.uses,
  expiresAtMs: row.expires_at?.getTime() ?? null,
  createdAtMs: row.created_at.getTime(),
  revokedAtMs: row.revoked_at?.getTime() ?? null,
});
