import exec from 'k6/execution';
import { networkHeaders } from '../api.ts';
import { Wronged } from '../ending.ts';
import { type Fan, fanOf } from '../fan.ts';
import { faults, reconnects } from '../metrics.ts';
import { settings } from '../settings.ts';
import { connect } from '../socket-io.ts';
import { PER_VU } from './plan.ts';
import { saidAtMs } from './stamp.ts';

/** @param number his own in this run */
export function arrive(number: number): { fan: Fan; placeToken: string } {
  const fan = fanOf(number);
  const { value, code } = fan.api.once('join');
  if (value === undefined) throw new Wronged(`join: refused with ${code}`);
  return { fan, placeToken: value.placeToken };
}

/**
 * The sockets of this virtual user, out of `all` of its kind.
 * @param firstFan number of the first of them all
 * @param hears each thing that the operator said, as it comes
 * @returns closes them
 */
export function listen(
  firstFan: number,
  all: number,
  hears: (saidMs: number, socket: number) => void,
): () => void {
  const first = exec.scenario.iterationInTest * PER_VU;
  const sockets = Array.from({ length: Math.min(PER_VU, all - first) }, (_, n) => {
    const { fan, placeToken } = arrive(firstFan + first + n);
    return connect(settings.url, { v: 1, placeToken }, networkHeaders(fan.api.address), {
      onRefused: (data) => faults.add(1, { fault: `refused: ${JSON.stringify(data)}` }),
      onLost: () => reconnects.add(1),
      onEvent(_, data) {
        const saidMs = saidAtMs(data);
        if (saidMs !== undefined) hears(saidMs, n);
      },
    });
  });
  return () => {
    for (const socket of sockets) socket.close();
  };
}
