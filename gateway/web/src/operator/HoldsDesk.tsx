import type { Event } from '@onsale/shared/http/events';
import type { OperatorHold, OperatorHolds } from '@onsale/shared/http/operator-holds';
import { useEffect, useState } from 'preact/hooks';
import { timeOfDay } from '../format.ts';
import { type Answer, call } from '../net/call.ts';
import { placeOf, tierName } from '../ui/ticket-words.ts';
import { ActNote } from './ActNote.tsx';
import { askedFor } from './asked-for.ts';
import { FoundNote } from './FoundNote.tsx';
import { SearchField } from './SearchField.tsx';
import { t } from './texts.ts';
import { useAct } from './use-act.ts';
import { type Ask, type Page, usePages } from './use-pages.ts';
import { WhyDialog } from './WhyDialog.tsx';

/** Baskets of one event, and releasing them. Without a search: all that live. */
export function HoldsDesk(props: {
  eventId: string;
  event: Event | null;
  token: string;
  onChanged: () => void;
}) {
  const { eventId, token } = props;
  const { found, search, more, again } = usePages<OperatorHold>();
  const { act, send } = useAct<null>(token);
  const [releasing, setReleasing] = useState<OperatorHold | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => void search(asking(eventId, '', token)!), [eventId, token]);

  function find(typed: string): void {
    const ask = asking(eventId, typed, token);
    setFault(ask === null ? t.desk.holds.unclear : null);
    if (ask !== null) void search(ask);
  }
  async function release({ holdId }: OperatorHold, why: string): Promise<void> {
    await send('DELETE', `/api/v1/operator/holds/${holdId}`, { why });
    await again();
    props.onChanged();
  }

  return (
    <div class="panel">
      <h2>{t.desk.holds.title}</h2>
      <SearchField label={t.desk.holds.search} hint={t.desk.holds.hint} fault={fault} onSearch={find} />
      <ActNote act={act} done={() => t.desk.holds.released} />
      {(found.at === 'found' || found.at === 'loading') && found.items.length > 0 && (
        <ul class="rows">
          {found.items.map((hold) => (
            <li key={hold.holdId} class="row" data-hold={hold.holdId}>
              <span class="row-words">
                <strong>{ticketWords(hold, props.event)}</strong>
                <span class="hint">
                  {t.desk.holds.since(timeOfDay(hold.createdAtMs))}
                  {hold.state === 'held' && ` · ${t.desk.holds.until(timeOfDay(hold.expiresAtMs))}`}
                </span>
                <span class="hint id">{hold.holdId}</span>
              </span>
              <span class="row-end">
                <span
                  class={`badge ${hold.state === 'held' ? 'paused' : hold.state === 'sold' ? 'open' : ''}`}
                >
                  {t.desk.holds.state[hold.state]}
                </span>
                {hold.state === 'held' && (
                  <button
                    type="button"
                    class="button danger"
                    disabled={act.at === 'sending'}
                    onClick={() => setReleasing(hold)}
                  >
                    {t.desk.holds.release}
                  </button>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      <FoundNote
        found={found}
        none={t.desk.holds.none}
        onMore={() => void more()}
        onAgain={() => void again()}
      />
      {releasing !== null && (
        <WhyDialog
          title={t.desk.holds.releaseTitle}
          text={t.desk.holds.releaseText(ticketWords(releasing, props.event))}
          yes={t.desk.holds.release}
          onYes={(why) => void release(releasing, why)}
          onClose={() => setReleasing(null)}
        />
      )}
    </div>
  );
}

/** Two tickets and their places; of general admission their number alone. */
function ticketWords({ tickets }: OperatorHold, event: Event | null): string {
  const [first] = tickets;
  if (first === undefined) return t.desk.tickets(0);
  const places = first.section === null ? '' : `: ${tickets.map(placeOf).join('; ')}`;
  return `${t.desk.tickets(tickets.length)}, ${tierName(event, first.tierId)}${places}`;
}

/** An id may be a hold's or a buyer's: the first is looked for first. Null: it is not clear what is asked for. */
function asking(eventId: string, typed: string, token: string): Ask<OperatorHold> | null {
  const asked = askedFor(typed);
  if (asked.kind === 'unclear' || asked.kind === 'email') return null;
  const page = (cursor: string | null, by: Record<string, string>) => {
    const query = new URLSearchParams({ eventId, ...by, ...(cursor === null ? {} : { cursor }) });
    return call<OperatorHolds>('GET', `/api/v1/operator/holds?${query}`, { token });
  };
  return async (cursor) => {
    if (asked.kind === 'nothing') return pageOf(await page(cursor, {}));
    if (asked.kind === 'ticket') return pageOf(await page(cursor, { ticketId: String(asked.ticketId) }));
    const one = pageOf(await page(null, { holdId: asked.id }));
    if (one.outcome !== 'answered' || one.value.items.length > 0) return one;
    return pageOf(await page(cursor, { buyer: asked.id }));
  };
}

function pageOf(answer: Answer<OperatorHolds>): Answer<Page<OperatorHold>> {
  if (answer.outcome !== 'answered') return answer;
  return { ...answer, value: { items: answer.value.holds, cursor: answer.value.cursor } };
}
