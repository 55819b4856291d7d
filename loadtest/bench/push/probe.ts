/** What a process of the bench costs; asked over its own channel. Loaded before its main, by --import, with --expose-gc. */
export interface Memory {
  /** After garbage was collected. */
  readonly residentBytes: number;
  readonly heapBytes: number;
}

process.on('message', (message) => {
  if (message === 'cpu') {
    const { user, system } = process.cpuUsage();
    // Of all threads, user and system, since the start, in ms.
    process.send!((user + system) / 1_000);
  }
  if (message === 'memory') {
    globalThis.gc!();
    globalThis.gc!();
    const { rss, heapUsed } = process.memoryUsage();
    process.send!({ residentBytes: rss, heapBytes: heapUsed } satisfies Memory);
  }
});
process.channel?.unref();
