import { onPath } from './shell.ts';

/**
 * Where Chromium is: CHROMIUM_BIN, else on the path; its headless shell first, the same browser without a desktop's parts and
 * lighter. Nothing is downloaded from a browser vendor.
 */
export function chromiumBinary(): string | undefined {
  if (process.env.CHROMIUM_BIN) return process.env.CHROMIUM_BIN;
  for (const name of [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
  ]) {
    const found = onPath(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function howToGetChromium(): string {
  if (process.platform === 'darwin')
    return 'brew install --cask chromium, and set CHROMIUM_BIN to its program';
  if (onPath('apt-get')) return 'sudo apt-get install chromium-headless-shell';
  return 'install chromium with your package manager, or set CHROMIUM_BIN to its program';
}
