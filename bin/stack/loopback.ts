/** Load is for a sale on this machine: whoever else's machine it is has not agreed. @throws for any other target. */
export function assertLoopback(url: string): void {
  const { hostname } = new URL(url);
  if (/^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(hostname)) return;
  throw new Error(`${hostname} is not this machine: load is sent to loopback only.`);
}
