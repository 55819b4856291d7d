import type { CodedInvitation } from '@onsale/shared/http/invitations';
import { useEffect, useState } from 'preact/hooks';
import { dayAndTime } from '../format.ts';
import { call } from '../net/call.ts';
import { ActNote } from './ActNote.tsx';
import { CopyButton } from './CopyButton.tsx';
import { FoundNote } from './FoundNote.tsx';
import { InvitationForm } from './InvitationForm.tsx';
import { mayManage } from './role.ts';
import { t } from './texts.ts';
import { useAct } from './use-act.ts';
import { type Ask, usePages } from './use-pages.ts';
import { WhyDialog } from './WhyDialog.tsx';

interface InvitationsPage {
  readonly invitations: readonly CodedInvitation[];
  readonly next: string | null;
}

/** Invitations of one event: making them, their links, what became of them, and withdrawing them. */
export function InvitationsDesk({ eventId, token }: { eventId: string; token: string }) {
  const { found, search, more, again } = usePages<CodedInvitation>();
  const { act, send } = useAct<null>(token);
  const [revoking, setRevoking] = useState<CodedInvitation | null>(null);
  const may = mayManage(token);
  const path = `/api/v1/operator/rooms/${eventId}/invitations`;
  useEffect(() => {
    if (may) void search(asking(path, token));
  }, [path, token, may]);

  async function revoke({ invitationId }: CodedInvitation, why: string): Promise<void> {
    await send('DELETE', `${path}/${invitationId}`, { why });
    await again();
  }

  if (!may) {
    return (
      <div class="panel">
        <h2>{t.invitations.title}</h2>
        <p class="hint">{t.operator.managersOnly}</p>
      </div>
    );
  }
  const shown = found.at === 'found' || found.at === 'loading' ? found.items : [];
  return (
    <>
      <div class="panel">
        <h2>{t.invitations.title}</h2>
        <InvitationForm eventId={eventId} token={token} onMade={() => void again()} />
      </div>
      <div class="panel">
        <h3>{t.invitations.made(shown.length)}</h3>
        <ActNote act={act} done={() => t.invitations.revoked} />
        {shown.length > 0 && <CopyButton label={t.invitations.copyAll} text={links(eventId, shown)} />}
        <ul class="rows">
          {shown.map((invitation) => (
            <li key={invitation.invitationId} class="row" data-invitation={invitation.invitationId}>
              <span class="row-words">
                <strong>{invitation.label ?? invitation.subject ?? t.invitations.unnamed}</strong>
                <span class="hint id">{invitation.code}</span>
                <span class="hint">
                  {t.invitations.used(invitation.uses, invitation.usesMax)}
                  {invitation.expiresAtMs !== null &&
                    ` · ${t.invitations.until(dayAndTime(invitation.expiresAtMs))}`}
                </span>
              </span>
              <span class="row-end">
                {invitation.revokedAtMs === null ? (
                  <>
                    <CopyButton label={t.invitations.copy} text={linkOf(eventId, invitation)} />
                    <button
                      type="button"
                      class="button danger"
                      disabled={act.at === 'sending'}
                      onClick={() => setRevoking(invitation)}
                    >
                      {t.invitations.revoke}
                    </button>
                  </>
                ) : (
                  <span class="badge closed">{t.invitations.isRevoked}</span>
                )}
              </span>
            </li>
          ))}
        </ul>
        <FoundNote
          found={found}
          none={t.invitations.none}
          onMore={() => void more()}
          onAgain={() => void again()}
        />
      </div>
      {revoking !== null && (
        <WhyDialog
          title={t.invitations.revokeTitle}
          text={t.invitations.revokeText}
          yes={t.invitations.revoke}
          onYes={(why) => void revoke(revoking, why)}
          onClose={() => setRevoking(null)}
        />
      )}
    </>
  );
}

/** The code stands behind the #, so that it reaches no server's log. */
const linkOf = (eventId: string, { code }: CodedInvitation): string =>
  `${location.origin}/events/${eventId}#invitation=${encodeURIComponent(code)}`;

const links = (eventId: string, invitations: readonly CodedInvitation[]): string =>
  invitations
    .filter(({ revokedAtMs }) => revokedAtMs === null)
    .map((invitation) => linkOf(eventId, invitation))
    .join('\n');

function asking(path: string, token: string): Ask<CodedInvitation> {
  return async (cursor) => {
    const query = cursor === null ? '' : `?${new URLSearchParams({ after: cursor })}`;
    const answer = await call<InvitationsPage>('GET', path + query, { token });
    if (answer.outcome !== 'answered') return answer;
    return { ...answer, value: { items: answer.value.invitations, cursor: answer.value.next } };
  };
}
