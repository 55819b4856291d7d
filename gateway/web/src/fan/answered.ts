import type { Hold } from '@onsale/shared/http/holds';
import type { Order } from '@onsale/shared/http/orders';
import { bounds } from './bounds.ts';
import type { Answered, Fan, World } from './fan.ts';
import { afterHold, forgetPlace } from './kept.ts';
import {
  ask,
  askPayment,
  enterShop,
  goTo,
  heardServer,
  keep,
  keepSession,
  loseHold,
  sessionLives,
  spendExtension,
} from './moves.ts';
import { stand } from './stand.ts';

/** The request in flight was answered: where that brings the fan. */
export function answered(before: Fan, answer: Answered, world: World): Fan {
  const fan: Fan = { ...before, request: null, trouble: null };
  switch (answer.kind) {
    case 'join': {
      const { placeToken, status } = answer.value;
      const from: Fan =
        fan.step.at === 'joining'
          ? { ...fan, step: { ...fan.step, revealAtMs: world.nowMs + bounds.revealMs } }
          : fan;
      const next = { ...keep(from, { placeToken }), pollAtMs: world.nowMs + bounds.pollSoonMs };
      return stand(next, status, world);
    }
    case 'status':
      return stand(fan, answer.value, world);
    case 'claim':
      return enterShop(heardServer(fan, answer.value.serverTimeMs, world.nowMs), answer.value);
    case 'renew':
      return keepSession(heardServer(fan, answer.value.serverTimeMs, world.nowMs), answer.value);
    case 'leave':
      return goTo({ ...fan, kept: forgetPlace(fan.kept) }, { at: 'event', left: true });
    case 'hold':
    case 'readHold':
      return holds(heardServer(fan, answer.value.serverTimeMs, world.nowMs), answer.value);
    case 'extend': {
      const { value } = answer;
      const extended = spendExtension(heardServer(fan, value.serverTimeMs, world.nowMs));
      return holds(extended, value);
    }
    case 'release':
      return shopAgain(fan);
    case 'order':
    case 'readOrder':
    case 'pay':
      return orders(heardServer(fan, answer.value.serverTimeMs, world.nowMs), answer.value, world);
    case 'tickets':
      return fan.step.at === 'tickets'
        ? { ...fan, step: { ...fan.step, tickets: answer.value.tickets } }
        : fan;
  }
}

export const shopAgain = (fan: Fan): Fan =>
  goTo({ ...fan, kept: afterHold(fan.kept), eventAtMs: 0 }, { at: 'shopping' });

function holds(fan: Fan, hold: Hold): Fan {
  const kept = fan.kept.hold === null ? null : { ...fan.kept.hold, holdId: hold.holdId };
  const next = keep(fan, { hold: kept });
  switch (hold.state) {
    case 'held':
      return goTo(keep(next, { picked: [] }), { at: 'held', hold });
    case 'expired':
      return loseHold(next, 'holdExpired');
    // Sold without an order kept here: another page of this browser bought it. It can be bought once only.
    case 'sold':
    case 'released':
      return shopAgain(next);
  }
}

function orders(fan: Fan, order: Order, world: World): Fan {
  const { orderId, orderToken } = order;
  const access = { orderId, orderToken };
  // Name and mail served their purpose: a browser is not the place to keep them.
  const next = keep(fan, {
    order: fan.kept.order === null ? null : { ...fan.kept.order, buyer: null, access },
  });
  switch (order.state) {
    case 'pending':
      return askPayment(goTo(next, { at: 'paying', order, declined: false }), access);
    case 'paid':
    case 'partlyRefunded':
      return ask(goTo(keep(next, { payment: null }), { at: 'tickets', order, tickets: null }), {
        kind: 'tickets',
        access,
      });
    case 'refunded':
    case 'cancelled':
      return loseHold(next, order.state);
    case 'expired':
      return sessionLives(next, world.nowMs) || next.kept.placeToken !== null
        ? loseHold(next, 'holdExpired')
        : goTo({ ...next, kept: afterHold(next.kept) }, { at: 'event', left: false });
  }
}
