import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';
import { chromiumBinary, howToGetChromium } from '../bin/stack/chromium.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Real headless Chromium. @throws naming the command that brings it. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumBinary();
  if (executablePath === undefined) throw new Error(`Chromium is not here: ${howToGetChromium()}`);
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/**
 * `describe` for tests that need Chromium. On a machine without it they are skipped, and `bin/test` says so with the
 * command that brings it; with CI=true they run, and fail.
 */
export const describeInBrowser = describe.skipIf(chromiumBinary() === undefined && process.env.CI !== 'true');
