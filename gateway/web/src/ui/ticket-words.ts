import type { Event } from '@onsale/shared/http/events';
import type { Hold } from '@onsale/shared/http/holds';
import { t } from '../texts.ts';

type Place = Pick<Hold['tickets'][number], 'section' | 'row' | 'seat'>;

/** Where a ticket lets its holder sit or stand. */
export function placeOf({ section, row, seat }: Place): string {
  return section === null || row === null || seat === null
    ? t.held.general
    : t.held.seat(section, row, String(seat));
}

export const tierName = (event: Event | null, tierId: string): string =>
  event?.tiers.find((tier) => tier.tierId === tierId)?.name ?? tierId;
