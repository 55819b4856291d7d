import { Wronged } from './ending.ts';
import type { Fan } from './fan.ts';
import type { Operation } from './operations.ts';
import { oneOf } from './seeded.ts';
import { settings } from './settings.ts';

/** What a page names to be loaded with it from the same place. */
const FILES = /(?:src|href)="(\/[^"]+)"/g;

/** One browser that looks at an event: each `read()` is one request of the kind that comes next. */
export class Visit {
  readonly #fan: Fan;
  #files: string[] | undefined;
  #pageEtag: string | undefined;
  #sections: readonly string[] = [];
  #placeToken: string | undefined;
  #statusEtag: string | undefined;

  constructor(fan: Fan) {
    this.#fan = fan;
  }

  /** Whether the page or a file of it is what comes next. */
  get loading(): boolean {
    return this.#files === undefined || this.#files.length > 0;
  }

  get joined(): boolean {
    return this.#placeToken !== undefined;
  }

  /** @throws Unanswered, Wronged */
  async join(): Promise<void> {
    const { value, code } = await this.#fan.api.ask('join');
    if (value === undefined) throw new Wronged(`join: refused with ${code}`);
    this.#placeToken = value.placeToken;
  }

  /** @throws Unanswered, Wronged */
  async read(): Promise<void> {
    if (this.#files === undefined) return this.#page();
    const file = this.#files.shift();
    if (file !== undefined) return this.#file(file);
    const looks: Array<() => Promise<void>> = [
      () => this.#look('event'),
      () => this.#look('room'),
      () => this.#look('events'),
      () => this.#lookAtSections(),
      () => this.#lookAtSections(),
      () => this.#page(),
    ];
    if (this.#placeToken !== undefined) looks.push(() => this.#status());
    await oneOf(this.#fan.random, looks)();
  }

  /** Again with its ETag, as browsers keep it: its files are not asked for a second time. */
  async #page(): Promise<void> {
    const heard = this.#fan.api.file('page', `/events/${settings.event}`, this.#pageEtag);
    if (heard.problem !== undefined) throw new Wronged(`page: ${heard.status}`);
    this.#pageEtag = heard.etag;
    this.#files ??= [...(heard.value ?? '').matchAll(FILES)].map(([, path]) => path!);
  }

  async #file(path: string): Promise<void> {
    const { problem, status } = this.#fan.api.file('file', path);
    if (problem !== undefined) throw new Wronged(`${path}: ${status}`);
  }

  async #look(op: Operation): Promise<void> {
    const { problem } = await this.#fan.api.ask(op);
    if (problem !== undefined) throw new Wronged(`${op}: refused with ${problem.code}`);
  }

  /** The list first, then one section of it; general admission has none. */
  async #lookAtSections(): Promise<void> {
    const { api, random } = this.#fan;
    if (this.#sections.length === 0) {
      const { value, code } = await api.ask('sections');
      if (value === undefined) throw new Wronged(`sections: refused with ${code}`);
      this.#sections = value.sections.map(({ section }) => section);
      return;
    }
    const { value, code } = await api.ask('section', { params: { section: oneOf(random, this.#sections) } });
    if (value === undefined) throw new Wronged(`section: refused with ${code}`);
  }

  async #status(): Promise<void> {
    const asked = { token: this.#placeToken, etag: this.#statusEtag };
    const { problem, etag } = await this.#fan.api.ask('status', asked);
    // He is let in while he reads on, and does not come: his place may be over, and is asked for no more.
    if (problem?.code === 'placeUnknown') this.#placeToken = undefined;
    else if (problem !== undefined) throw new Wronged(`status: refused with ${problem.code}`);
    this.#statusEtag = etag;
  }
}
