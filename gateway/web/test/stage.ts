import { randomUUID } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import type { EventPatch, RoomPatch } from '@onsale/shared/http/internal';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import type { RehearsalRequest } from '@onsale/shared/http/rehearsals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { buildWeb } from '../../../bin/stack/web.ts';
import { launchBrowser } from '../../../test/browser.ts';
import { type Sale, startSale } from '../../../test/sale.ts';
import { until } from '../../../test/until.ts';
import { placeIn } from '../src/fan/place-token.ts';
import { patienceMs } from './patience.ts';
import { type SmallEvent, stageSmallEvent } from './small-event.ts';

export type Viewport = Readonly<{ width: number; height: number }>;
export const phone: Viewport = { width: 390, height: 844 };
export const desktop: Viewport = { width: 1_280, height: 900 };

/** A fan's browser, and everything in it that should not have happened. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors and warnings, uncaught errors, failed requests, answers of 400 and more, requests to elsewhere. */
  readonly faults: readonly string[];
  /** Waits until the page shows a state. */
  shows(step: string): Promise<void>;
  /** Every state the page has shown so far, in order: also one that was gone before anybody could look. */
  shown(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What a visitor's device is like. */
interface Device {
  readonly sockets: boolean;
  readonly locale?: string;
  /** Its clock, less the true one. */
  readonly clockOffsetMs?: number;
}

/** A sale and a browser, shared by the tests of one file. */
export interface Stage {
  readonly sale: Sale;
  readonly browser: Browser;
  visit(path: string, viewport?: Viewport, device?: Device): Promise<Visitor>;
  /** Stages a small event, and waits until its line can be joined. */
  put(eventId: string, event: SmallEvent): Promise<void>;
  /** Changes a room's policy, and waits until the worker works by it. */
  setRoom(eventId: string, patch: RoomPatch): Promise<void>;
  /** Changes a room's policy; answered when it is saved. */
  patchRoom(eventId: string, patch: RoomPatch): Promise<void>;
  setEvent(eventId: string, patch: EventPatch): Promise<void>;
  /** Puts a rehearsal on sale, and waits until its line can be joined. */
  rehearse(asked: RehearsalRequest): Promise<void>;
  /** Codes of so many new invitations. */
  invite(eventId: string, count: number): Promise<readonly string[]>;
  /** Takes a place out of the line. */
  remove(eventId: string, place: string): Promise<void>;
  stop(): Promise<void>;
}

/** @param options.seeded with the events of `bin/up` on sale; each open room works, whoever looks. */
export async function startStage(env: Record<string, string> = {}, { seeded = false } = {}): Promise<Stage> {
  await buildWeb();
  const sale = await startSale({ env, seeded });
  const browser = await launchBrowser();
  let visitors = 0;

  async function operate(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(`${sale.gatewayUrl}/api/v1/operator${path}`, {
      method,
      headers: {
        authorization: `Bearer ${sale.operatorToken}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
  const room = async (eventId: string): Promise<OperatorRoom> =>
    (await operate('GET', `/rooms/${eventId}`)).json() as Promise<OperatorRoom>;
  const ticked = async (eventId: string, version = 0): Promise<void> => {
    const inForce = async () => ((await room(eventId)).live?.policyVersion ?? -1) >= version;
    await until(inForce, { what: `the policy of ${eventId} in force`, withinMs: patienceMs });
  };

  return {
    sale,
    browser,
    visit: (path, viewport = phone, device = { sockets: true }) =>
      visit(browser, sale.gatewayUrl + path, { viewport, device, number: ++visitors }),
    async setRoom(eventId, patch) {
      const answer = (await (await operate('PATCH', `/rooms/${eventId}`, patch)).json()) as OperatorRoom;
      await ticked(eventId, answer.policy.version);
    },
    async put(eventId, event) {
      await stageSmallEvent(sale.databaseUrl, eventId, event);
      // A room that no worker has looked at cannot be joined: whoever tries is told to come back.
      if (event.room?.open !== false) await ticked(eventId);
    },
    patchRoom: async (eventId, patch) => void (await operate('PATCH', `/rooms/${eventId}`, patch)),
    async rehearse(asked) {
      await operate('POST', '/rehearsals', asked);
      await ticked(asked.eventId);
    },
    invite: async (eventId, count) => {
      const answer = await operate('POST', `/rooms/${eventId}/invitations`, { count });
      const { invitations } = (await answer.json()) as { invitations: readonly { code: string }[] };
      return invitations.map(({ code }) => code);
    },
    remove: async (eventId, place) =>
      void (await operate('POST', `/rooms/${eventId}/removals`, { place, why: 'A test' })),
    setEvent: async (eventId, patch) => void (await operate('PATCH', `/events/${eventId}`, patch)),
    async stop() {
      await browser.close();
      await sale.stop();
    },
  };
}

async function visit(
  browser: Browser,
  url: string,
  { viewport, device, number }: { viewport: Viewport; device: Device; number: number },
): Promise<Visitor> {
  // Every visitor comes from a network of its own, as behind a proxy that is trusted.
  const context = await browser.newContext({
    viewport,
    reducedMotion: 'reduce',
    locale: device.locale ?? 'en-US',
    extraHTTPHeaders: { 'x-forwarded-for': `10.20.${number >> 8}.${number & 255}` },
  });
  context.setDefaultTimeout(patienceMs);
  if (!device.sockets) await context.routeWebSocket(/.*/, (socket) => socket.close());
  await context.addInitScript(recordSteps);
  if (device.clockOffsetMs !== undefined) await context.addInitScript(shiftClock, device.clockOffsetMs);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    // Said of every socket that is hung up on before it was up, as of a fan's who leaves soon.
    if (message.text().includes('WebSocket is closed before the connection is established')) return;
    if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  // Aborted is what a reload does to a request on its way: the fan's doing, and no fault.
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    if (why !== 'net::ERR_ABORTED') faults.push(`failed: ${request.url()} ${why}`);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) faults.push(`elsewhere: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`answer ${response.status()}: ${response.url()}`);
  });
  await page.goto(url);
  return {
    page,
    context,
    faults,
    shows: async (step) => {
      await page.waitForSelector(`[data-step="${step}"]`).catch(async (cause) => {
        const body = (await page.locator('main').textContent()) ?? '';
        throw new Error(`The page does not show ${step}, but: ${body.slice(0, 300)}`, { cause });
      });
    },
    shown: () => page.evaluate(() => JSON.parse(sessionStorage.getItem('shown') ?? '[]')),
    close: () => context.close(),
  };
}

/** Time passes in the page, and nowhere else: what it does when a time has come, it does now. */
export const passTime = ({ page }: Visitor, ms: number): Promise<void> => page.evaluate(shiftClock, ms);

/** No time passes in the page meanwhile: what it waits for comes in time, however slow the machine is. */
export async function inNoTime({ page }: Visitor, act: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const [clock, stoppedAtMs] = [Date.now, Date.now()];
    const goOn = (): void => {
      Date.now = clock;
    };
    Object.assign(window, { goOn });
    Date.now = () => stoppedAtMs;
  });
  await act();
  await page.evaluate(() => (window as unknown as { goOn: () => void }).goOn());
}

/** Runs in the page: its clock is wrong by so much. */
function shiftClock(offsetMs: number): void {
  const now = Date.now.bind(Date);
  Date.now = () => now() + offsetMs;
}

/** Runs in the page: notes every state it shows, across reloads. */
function recordSteps(): void {
  const note = (): void => {
    const step = document.querySelector('[data-step]')?.getAttribute('data-step');
    const shown: string[] = JSON.parse(sessionStorage.getItem('shown') ?? '[]');
    if (step != null && shown.at(-1) !== step)
      sessionStorage.setItem('shown', JSON.stringify([...shown, step]));
  };
  new MutationObserver(note).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-step'],
  });
}

/** The page as it stands breaks no rule that axe knows, and nothing stands out of its sides. */
export async function expectAccessible({ page }: Visitor): Promise<void> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  // A page without frames is judged in the page: no second one is opened to put the frames' parts together.
  if (page.frames().length === 1) axe.setLegacyMode();
  const { violations } = await axe.analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual(
    [],
  );
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

export const join = (visitor: Visitor): Promise<void> =>
  visitor.page.getByRole('button', { name: 'Get in line', exact: true }).click();

/**
 * Into the shop: by itself where the turn comes with the answer to joining, by the button where the machine was slower.
 * @param then what is waited for: what follows the shop, where the shop may be gone before anybody looks
 */
export async function enter({ page }: Visitor, then = 'shopping'): Promise<void> {
  const inside = page.locator(`[data-step="${then}"]`);
  const button = page.getByRole('button', { name: 'Enter now' });
  await inside.or(button).first().waitFor();
  if (await button.isVisible()) await button.click();
  await inside.waitFor();
}

/** In the shop: the first tier that has any, and so many of it. */
export async function reserve({ page }: Visitor, quantity = 1): Promise<void> {
  await page.locator('.choice:not(.gone) input').first().check();
  for (let more = 1; more < quantity; more++)
    await page.getByRole('button', { name: 'One ticket more' }).click();
  await page.getByRole('button', { name: /^Reserve/ }).click();
}

export async function giveDetails({ page }: Visitor): Promise<void> {
  await page.getByLabel('Name').fill('A Fan');
  await page.getByLabel('Email').fill('fan@example.com');
  await page.getByRole('button', { name: 'Continue to payment' }).click();
}

export async function pay(
  { page }: Visitor,
  card: 'Approve' | 'Decline' | 'Slow' | 'Unstoppable' = 'Approve',
): Promise<void> {
  await page.locator('.card', { hasText: card }).locator('input').check();
  await page.getByRole('button', { name: /^Pay/ }).click();
}

/** The place that a fan's browser keeps a token of. */
export async function placeOf({ page }: Visitor, event: string): Promise<string> {
  const kept = await page.evaluate((key) => localStorage.getItem(key), `onsale:${event}`);
  return placeIn((JSON.parse(kept!) as { placeToken: string }).placeToken)!;
}
