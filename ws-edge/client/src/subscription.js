/** The consumer's handle on one thread: the items by `for await` (or by `onEvent`), and the position to store. */
export class Subscription {
  #reader;

  constructor(reader) {
    this.#reader = reader;
  }

  get thread() {
    return this.#reader.thread;
  }

  get state() {
    return this.#reader.state;
  }

  get status() {
    return this.#reader.status;
  }

  /** The position after the last item that was taken; undefined until there is one. */
  get cursor() {
    return this.#reader.inbox.taken.cursor;
  }

  /** What was taken of each run up to `cursor`; store the two together. */
  get runs() {
    return this.#reader.inbox.taken.fold.runs();
  }

  close() {
    this.#reader.close();
  }

  [Symbol.asyncIterator]() {
    const reader = this.#reader;
    return {
      next: async () => reader.inbox.next(),
      return: async (value) => {
        reader.close();
        return { value, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
