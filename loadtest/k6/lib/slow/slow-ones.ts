import { sleep } from 'k6';
import exec from 'k6/execution';
import { Rate, Trend } from 'k6/metrics';
import { clearTimeout, setTimeout } from 'k6/timers';
import { WebSocket } from 'k6/websockets';
import { pause } from '../api.ts';
import { hangUp } from '../hang-up.ts';
import { settings } from '../settings.ts';
import { arrive, listen } from './listen.ts';
import { endOf, plan, SAY_EVERY_S, type Times } from './plan.ts';
import { Poller } from './poller.ts';
import { saidAtMs } from './stamp.ts';

/** From the first look after a pause until the latest is heard; and how many messages it took. */
const caughtUp = new Trend('caught_up', true);
const pile = new Trend('pile');
/** Of the looks after a pause, those that led to the latest. */
const latest = new Rate('latest_heard');
const muteCut = new Rate('mute_cut_off');

const { seldom, seldomSeconds, frozen, mute, staleMs } = plan;
/** What is said again is this old at most when it comes: what a slow one then has is the latest. */
const LATEST_MS = SAY_EVERY_S * 1_000 + staleMs;
/** After so long a slow one has not caught up. */
const CATCH_UP_WITHIN_MS = 10_000;
/** A socket that never says hello is cut off by then: limits.socketConnectTimeoutMs and some more. */
const MUTE_CUT_MS = 15_000;

/** Comes for what there is now and then, and in between takes nothing. */
export function readsSeldom(times: Times): void {
  const { fan, placeToken } = arrive(settings.fans + exec.scenario.iterationInTest);
  const poller = new Poller(placeToken, fan.api.address);
  for (sleep(seldomSeconds); Date.now() < endOf(times); sleep(seldomSeconds)) {
    const lookedAtMs = Date.now();
    let messages = 0;
    let saidMs = 0;
    while (saidMs < lookedAtMs - LATEST_MS && Date.now() < lookedAtMs + CATCH_UP_WITHIN_MS) {
      const told = poller.read();
      messages += told.length;
      for (const message of told) saidMs = Math.max(saidMs, saidAtMs(message) ?? 0);
    }
    latest.add(saidMs >= lookedAtMs - LATEST_MS);
    caughtUp.add(Date.now() - lookedAtMs, { slow: 'seldom' });
    pile.add(messages, { slow: 'seldom' });
  }
  poller.close();
}

/** A script that stands still: its network still takes everything, and hands it over all at once. */
export async function standsStill(times: Times): Promise<void> {
  const last: number[] = [];
  const close = listen(settings.fans + seldom, frozen, (saidMs, socket) => {
    last[socket] = saidMs;
  });
  await pause(1_000);
  while (Date.now() < endOf(times) - seldomSeconds * 1_000) {
    sleep(seldomSeconds);
    const wokeAtMs = Date.now();
    await pause(staleMs);
    for (const saidMs of last) latest.add(saidMs >= wokeAtMs - LATEST_MS);
  }
  close();
}

/** Opens connections and says nothing: each is cut off, so that it keeps no room from others. */
export async function saysNothing(): Promise<void> {
  const url = `${settings.url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const cutOff = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = new WebSocket(url, null, { tags: { op: 'socket' } });
      const timer = setTimeout(() => {
        resolve(false);
        hangUp(socket);
      }, MUTE_CUT_MS);
      socket.addEventListener('close', () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  for (const cut of await Promise.all(Array.from({ length: mute }, cutOff))) muteCut.add(cut);
}
