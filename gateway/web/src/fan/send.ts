import { type Answer, call } from '../net/call.ts';
import type { Answers, Request } from './fan.ts';
import { bodyOf } from './pay/body.ts';

/** Sends one request of the machine as HTTP. */
export function send(eventId: string, request: Request): Promise<Answer<Answers[Request['kind']]>> {
  const line = `/api/v1/events/${eventId}/line`;
  switch (request.kind) {
    case 'join': {
      const { placeToken: token, invitation } = request;
      return call('POST', line, { token, ...(invitation === null ? {} : { body: { invitation } }) });
    }
    case 'status':
      return call('GET', `${line}/me`, { token: request.placeToken });
    case 'leave':
      return call('DELETE', `${line}/me`, { token: request.placeToken });
    case 'claim':
      return call('POST', `/api/v1/events/${eventId}/claim`, { body: { pass: request.pass } });
    case 'renew':
      return call('POST', `/api/v1/events/${eventId}/session/renewal`, { token: request.session });
    case 'hold': {
      const { session, key, wish } = request;
      return call('POST', `/api/v1/events/${eventId}/holds`, { token: session, key, body: wish });
    }
    case 'readHold':
      return call('GET', `/api/v1/holds/${request.holdId}`, { token: request.session });
    case 'extend': {
      const { session, key, holdId } = request;
      return call('POST', `/api/v1/holds/${holdId}/extension`, { token: session, key });
    }
    case 'release':
      return call('DELETE', `/api/v1/holds/${request.holdId}`, { token: request.session });
    case 'order': {
      const { session, key, holdId, name, email } = request;
      return call('POST', '/api/v1/orders', { token: session, key, body: { holdId, name, email } });
    }
    case 'readOrder':
      return call('GET', orderPath(request), { token: request.access.orderToken });
    case 'pay': {
      const { access, session, key, method } = request;
      const path = `${orderPath(request)}/payments`;
      return call('POST', path, { token: access.orderToken, session, key, body: bodyOf(method) });
    }
    case 'tickets':
      return call('GET', `${orderPath(request)}/tickets`, { token: request.access.orderToken });
  }
}

const orderPath = ({ access }: { access: { orderId: string } }): string => `/api/v1/orders/${access.orderId}`;
