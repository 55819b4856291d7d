import { desktop, type Stage, type Viewport, type Visitor } from './stage.ts';

/** An operator's browser at one part of the desk, of the event with this name. */
export async function atDesk(
  stage: Stage,
  {
    event,
    part = 'Room',
    viewport = desktop,
    token = stage.sale.operatorToken,
  }: { event: string; part?: string; viewport?: Viewport; token?: string },
): Promise<Visitor> {
  const desk = await stage.visit(`/operator#token=${token}`, viewport);
  await desk.page.getByRole('button', { name: event }).click();
  await openPart(desk, part);
  return desk;
}

/** Another part of the desk. Its tab moves the address, and the page follows: until then the part before is still there. */
export async function openPart({ page }: Visitor, part: string): Promise<void> {
  const tab = page
    .getByRole('navigation', { name: 'Parts of the desk' })
    .getByRole('button', { name: part, exact: true });
  await tab.click();
  await tab.and(page.locator('[aria-current="page"]')).waitFor();
}

/** Presses what asks before it does anything; answered when its dialog stands open. */
export async function openDialog({ page }: Visitor, button: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByRole('dialog').waitFor();
}
