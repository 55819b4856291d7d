import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';

/** Lets the process do its other work whenever limits.socketsPerStride sockets have been served. */
export class Strides {
  #served = 0;

  async served(count: number): Promise<void> {
    this.#served += count;
    if (this.#served < limits.socketsPerStride) return;
    this.#served = 0;
    await turn();
  }
}
