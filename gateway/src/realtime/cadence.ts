/**
 * How often a moved place is worth telling, by the place: everyone near the front hears of every tick, the rest of the
 * exact front every second, and who waits far behind, whose number moves by hundreds, more rarely. With 20,000 sockets
 * spread over a line this keeps a process at some thousand pushes a second.
 * @returns the least time between two pushes to one socket, ms
 */
export function cadenceMs(place: number): number {
  if (place <= 200) return 0;
  if (place <= 1_000) return 1_000;
  if (place <= 10_000) return 3_000;
  return 10_000;
}
