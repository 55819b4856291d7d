import type { ComponentChildren } from 'preact';
import { t } from '../texts.ts';

/** What every page stands in. */
export function Frame({ wide = false, children }: { wide?: boolean; children: ComponentChildren }) {
  return (
    <>
      <a class="skip" href="#main">
        {t.skip}
      </a>
      <header class="masthead">
        <a class="brand" href="/">
          <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M2 7h20v3.2a1.8 1.8 0 0 0 0 3.6V17H2v-3.2a1.8 1.8 0 0 0 0-3.6z" />
          </svg>
          {t.brand}
        </a>
      </header>
      <main id="main" class={wide ? 'wide' : ''} tabIndex={-1}>
        {children}
      </main>
      <footer class="footer">
        <p>{t.footer}</p>
        <a href="/orders">{t.order.find}</a>
      </footer>
    </>
  );
}
