import { type Browser, chromium } from 'playwright-core';
import { chromiumBinary, howToGetChromium } from '../bin/stack/chromium.ts';
import { describeWith } from './with-tool.ts';

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

export const describeInBrowser = describeWith(chromiumBinary());
