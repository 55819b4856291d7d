import type { Event } from '@onsale/shared/http/events';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { DoorDesk } from './DoorDesk.tsx';
import { EventDesk } from './EventDesk.tsx';
import { HoldsDesk } from './HoldsDesk.tsx';
import { InvitationsDesk } from './InvitationsDesk.tsx';
import { LineDesk } from './LineDesk.tsx';
import { OrdersDesk } from './OrdersDesk.tsx';
import { PlacesDesk } from './PlacesDesk.tsx';
import { RoomDesk } from './RoomDesk.tsx';
import { StockDesk } from './StockDesk.tsx';
import type { Section } from './sections.ts';

/** The chosen part of the desk, for the chosen event. */
export function SectionOf(props: {
  section: Section;
  room: OperatorRoom;
  event: Event | null;
  eventOf: (eventId: string) => Event | null;
  token: string;
  onChanged: () => void;
}) {
  const { section, room, eventOf, ...rest } = props;
  const { eventId } = room.policy;
  switch (section) {
    case 'room':
      return <RoomDesk room={room} {...rest} />;
    case 'line':
      return <LineDesk room={room} {...rest} />;
    case 'invitations':
      return <InvitationsDesk eventId={eventId} token={rest.token} />;
    case 'places':
      return <PlacesDesk eventId={eventId} token={rest.token} />;
    case 'orders':
      return <OrdersDesk token={rest.token} eventOf={eventOf} />;
    case 'holds':
      return <HoldsDesk eventId={eventId} {...rest} />;
    case 'stock':
      return <StockDesk room={room} {...rest} />;
    case 'door':
      return <DoorDesk eventId={eventId} event={rest.event} token={rest.token} />;
    case 'event':
      return <EventDesk eventId={eventId} {...rest} />;
  }
}
