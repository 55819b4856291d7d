import type { Event, EventList } from '@onsale/shared/http/events';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { useEffect, useState } from 'preact/hooks';
import type { z } from 'zod';
import { Panel } from '../fan/views/Panel.tsx';
import { TroubleBanner } from '../fan/views/TroubleBanner.tsx';
import { useRead } from '../net/use-read.ts';
import { Frame } from '../ui/Frame.tsx';
import { RoomTabs } from './RoomTabs.tsx';
import { SectionOf } from './SectionOf.tsx';
import { SectionTabs } from './SectionTabs.tsx';
import { useSection } from './sections.ts';
import { t } from './texts.ts';
import { dropToken, takeToken } from './token.ts';

const everyMs = 1_000;
/** Names change rarely, but an event that is put on sale while the desk is open has one too. */
const eventsEveryMs = 10_000;

/** The desk: every room, and one of them live. */
export function OperatorPage() {
  const [token, setToken] = useState(takeToken);
  useEffect(() => {
    document.title = `${t.operator.title} · ${t.brand}`;
    const given = (): void => setToken(takeToken());
    addEventListener('hashchange', given);
    return () => removeEventListener('hashchange', given);
  }, []);
  if (token === null)
    return <Locked name="noToken" title={t.operator.noToken} text={t.operator.noTokenText} />;
  return <Desk key={token} token={token} />;
}

function Desk({ token }: { token: string }) {
  const read = useRead<{ rooms: OperatorRoom[] }>('/api/v1/operator/rooms', token, everyMs);
  const events = useRead<z.infer<typeof EventList>>('/api/v1/events', null, eventsEveryMs);
  const [chosen, setChosen] = useState<string | null>(null);
  const [section, setSection] = useSection();
  const rooms = read.value?.rooms ?? [];
  const room = rooms.find(({ policy }) => policy.eventId === chosen) ?? rooms[0];
  // The list leaves rehearsals out.
  const hidden = room?.policy.rehearsal ? `/api/v1/events/${room.policy.eventId}` : null;
  const rehearsal = useRead<Event>(hidden, null, eventsEveryMs);
  const refused = read.problem !== null;
  useEffect(() => {
    if (refused) dropToken();
  }, [refused]);
  if (refused) return <Locked name="expired" title={t.operator.expired} text={t.operator.expiredText} />;

  const eventOf = (eventId: string) =>
    [...(events.value?.events ?? []), ...(rehearsal.value === null ? [] : [rehearsal.value])].find(
      (event) => event.eventId === eventId,
    ) ?? null;
  const nameOf = (eventId: string): string => eventOf(eventId)?.name ?? eventId;
  const changed = (): void => {
    read.again();
    events.again();
    rehearsal.again();
  };
  return (
    <Frame wide>
      {read.trouble !== null && <TroubleBanner trouble={read.trouble} onTry={read.again} />}
      <h1 class="page-title">{t.operator.title}</h1>
      {read.value !== null && room === undefined && <p>{t.operator.noRooms}</p>}
      {room !== undefined && (
        <div class="desk">
          <RoomTabs rooms={rooms} chosen={room.policy.eventId} nameOf={nameOf} onChoose={setChosen} />
          <div class="section-desk">
            <SectionTabs section={section} onChoose={setSection} />
            <SectionOf
              key={`${section} ${room.policy.eventId}`}
              section={section}
              room={room}
              event={eventOf(room.policy.eventId)}
              eventOf={eventOf}
              token={token}
              onChanged={changed}
            />
          </div>
        </div>
      )}
    </Frame>
  );
}

function Locked(props: { name: string; title: string; text: string }) {
  return (
    <Frame>
      <h1 class="page-title">{t.operator.title}</h1>
      <Panel name={props.name} title={props.title}>
        <p>{props.text}</p>
      </Panel>
    </Frame>
  );
}
