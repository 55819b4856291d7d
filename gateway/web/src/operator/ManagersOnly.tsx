import type { ComponentChildren } from 'preact';
import { mayManage } from './role.ts';
import { t } from './texts.ts';

/** What only managers may change: others see it, and why they cannot. */
export function ManagersOnly({ token, children }: { token: string; children: ComponentChildren }) {
  const may = mayManage(token);
  return (
    <fieldset class="managers-only" disabled={!may}>
      {!may && <p class="hint">{t.operator.managersOnly}</p>}
      {children}
    </fieldset>
  );
}
