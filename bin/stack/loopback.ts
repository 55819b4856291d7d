/** Whether it is an address of this machine. Whoever else's machine it is has not agreed to be put under load. */
export const isLoopback = (url: string): boolean =>
  /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(new URL(url).hostname);
