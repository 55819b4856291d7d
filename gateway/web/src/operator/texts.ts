import { t as fans } from '../texts.ts';
import { desk } from './texts/desk.ts';
import { lineDesk } from './texts/line-desk.ts';
import { room } from './texts/room.ts';

/** What operators are told, besides what everyone is. It comes with the desk: no fan loads it. */
export const t = { ...fans, ...room, ...lineDesk, ...desk };
