import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';

interface Asker<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (fault: unknown) => void;
}

/**
 * Questions of one kind, asked together by their key (an event): those of one turn of the event loop, then those that came
 * until they were answered, or for limits.gatherMs where that is sooner. One alone waits for nothing but the end of its turn;
 * ten thousand that come at once cost a hundredth of the commands.
 *
 * What was asked together is answered or fails together, and a fault does not say whether it was done: a question must be one
 * that may be asked again.
 */
export class Gathered<Question, Answer> {
  /** By key, while anybody waits or the last who were asked for have just gone. */
  readonly #waiting = new Map<string, Asker<Question, Answer>[]>();
  readonly #ask: (key: string, questions: readonly Question[]) => Promise<readonly Answer[]>;
  readonly #most: number;
  readonly #paced: boolean;

  /**
   * @param ask answers in the order of the questions
   * @param most questions of one call
   * @param paced the next are asked after limits.gatherMs, however fast those before were answered
   */
  constructor(
    ask: (key: string, questions: readonly Question[]) => Promise<readonly Answer[]>,
    { most, paced = false }: { most: number; paced?: boolean },
  ) {
    this.#ask = ask;
    this.#most = most;
    this.#paced = paced;
  }

  /** @throws Refusal overloaded when too many wait already */
  of(key: string, question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asker = { question, resolve, reject };
      const waiting = this.#waiting.get(key);
      if (waiting === undefined) {
        this.#waiting.set(key, [asker]);
        setImmediate(() => this.#askNext(key));
      } else if (waiting.length < limits.gatheredMax) {
        waiting.push(asker);
      } else {
        reject(new Refusal('overloaded', { retryAfterMs: limits.retryAfterOutageMs }));
      }
    });
  }

  #askNext(key: string): void {
    const waiting = this.#waiting.get(key)!;
    if (waiting.length === 0) {
      this.#waiting.delete(key);
      return;
    }
    let over = false;
    const next = (): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      // What is read in the same turn of the loop goes along.
      setImmediate(() => this.#askNext(key));
    };
    const timer = setTimeout(next, limits.gatherMs);
    const answered = this.#answer(key, waiting.splice(0, this.#most));
    if (!this.#paced) void answered.then(next);
  }

  /** Never fails itself. */
  async #answer(key: string, askers: readonly Asker<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.#ask(
        key,
        askers.map(({ question }) => question),
      );
      askers.forEach(({ resolve }, at) => void resolve(answers[at]!));
    } catch (fault) {
      for (const { reject } of askers) reject(fault);
    }
  }
}
