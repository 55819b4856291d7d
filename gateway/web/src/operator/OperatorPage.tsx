import type { EventList } from '@onsale/shared/http/events';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { useEffect, useState } from 'preact/hooks';
import type { z } from 'zod';
import { Panel } from '../fan/views/Panel.tsx';
import { TroubleBanner } from '../fan/views/TroubleBanner.tsx';
import { useRead } from '../net/use-read.ts';
import { t } from '../texts.ts';
import { Frame } from '../ui/Frame.tsx';
import { RoomDesk } from './RoomDesk.tsx';
import { RoomTabs } from './RoomTabs.tsx';
import { dropToken, takeToken } from './token.ts';

const everyMs = 1_000;

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
  const events = useRead<z.infer<typeof EventList>>('/api/v1/events', null, null);
  const [chosen, setChosen] = useState<string | null>(null);
  const refused = read.problem !== null;
  useEffect(() => {
    if (refused) dropToken();
  }, [refused]);
  if (refused) return <Locked name="expired" title={t.operator.expired} text={t.operator.expiredText} />;

  const rooms = read.value?.rooms ?? [];
  const room = rooms.find(({ policy }) => policy.eventId === chosen) ?? rooms[0];
  const eventOf = (eventId: string) => events.value?.events.find((event) => event.eventId === eventId);
  return (
    <Frame wide>
      {read.trouble !== null && <TroubleBanner trouble={read.trouble} onTry={read.again} />}
      <h1 class="page-title">{t.operator.title}</h1>
      {read.value !== null && room === undefined && <p>{t.operator.noRooms}</p>}
      {room !== undefined && (
        <div class="desk">
          <RoomTabs
            rooms={rooms}
            chosen={room.policy.eventId}
            nameOf={(eventId) => eventOf(eventId)?.name ?? eventId}
            onChoose={setChosen}
          />
          <RoomDesk
            key={room.policy.eventId}
            room={room}
            event={eventOf(room.policy.eventId) ?? null}
            token={token}
            onChanged={read.again}
          />
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
