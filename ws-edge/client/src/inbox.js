import { callBack, rethrow } from './errors.js';

/**
 * What lies between the socket and the consumer of one thread: a queue, and the handing over of its items in order,
 * to `onEvent` if there is one and else to whoever awaits `next`.
 *
 * An item counts as *taken* when it is handed over: `taken` is the position to store and to resume from.
 * It is *settled*, and may be acknowledged, when the consumer is through with it: with an iterator at once, with
 * `onEvent` when that has returned (or what it returned is resolved). One item is in a callback at a time.
 */
export class Inbox {
  taken;
  items = 0;
  chars = 0;
  #first;
  #last;
  #inCallback;
  #awaiting = [];
  #end;
  #callbacks;
  #onSettled;

  /**
   * @param {Position} taken
   * @param {object} callbacks onEvent, onGap, onLive: the consumer's, all optional
   * @param {Function} onSettled called with the entry after each item
   */
  constructor(taken, callbacks, onSettled) {
    this.taken = taken;
    this.#callbacks = callbacks;
    this.#onSettled = onSettled;
  }

  /** Takes in an event or a gap notice. `period` tells the subscriptions of a thread apart that follow each other. */
  push(frame, chars, period) {
    const ack = frame.op === 'event' ? frame.cursor : undefined;
    const entry = { frame, chars, period, cursor: frame.cursor, ack, live: false, next: undefined };
    if (this.#last) this.#last.next = entry;
    else this.#first = entry;
    this.#last = entry;
    this.items++;
    this.chars += chars;
    this.#handOver();
  }

  /** The position moves on without an item: after what is queued, or at once if nothing is. */
  moveTo(cursor, { ack, live = false, period }) {
    const before = this.#last ?? this.#inCallback;
    if (!before) {
      this.taken.cursor = cursor;
      this.#settle({ period, ack, live });
      return;
    }
    before.cursor = cursor;
    before.ack = ack ?? before.ack;
    before.live ||= live;
    if (before === this.#inCallback) this.taken.cursor = cursor;
  }

  /** Resolves with an iterator result; rejects once if the subscription ended by an error. */
  next() {
    if (this.#callbacks.onEvent) throw new TypeError('a subscription with onEvent cannot be iterated over as well');
    return new Promise((resolve, reject) => {
      this.#awaiting.push({ resolve, reject });
      this.#handOver();
    });
  }

  /** Drops what is queued; it will be received again from `taken`. */
  clear() {
    this.#first = undefined;
    this.#last = undefined;
    this.items = 0;
    this.chars = 0;
  }

  /** Nothing more will come. What is queued is still handed over, then comes the error, if there is one. */
  end(error) {
    this.#end ??= { error };
    this.#handOver();
  }

  #handOver() {
    while (this.#first && !this.#inCallback) {
      if (this.#callbacks.onEvent) this.#call(this.#shift());
      else if (this.#awaiting.length > 0) this.#resolve(this.#shift());
      else return;
    }
    if (this.#end && !this.#first) {
      for (const { resolve, reject } of this.#awaiting.splice(0)) {
        const { error } = this.#end;
        this.#end.error = undefined;
        if (error) reject(error);
        else resolve({ value: undefined, done: true });
      }
    }
  }

  #shift() {
    const entry = this.#first;
    this.#first = entry.next;
    if (!this.#first) this.#last = undefined;
    this.items--;
    this.chars -= entry.chars;
    if (entry.frame.op === 'event') this.taken.accept(entry.frame);
    else this.taken.fold.gap();
    this.taken.cursor = entry.cursor ?? this.taken.cursor;
    return entry;
  }

  #resolve(entry) {
    const { resolve } = this.#awaiting.shift();
    if (entry.frame.op === 'gap') callBack(this.#callbacks.onGap, entry.frame);
    resolve({ value: entry.frame, done: false });
    this.#settle(entry);
  }

  #call(entry) {
    this.#inCallback = entry;
    const through = () => {
      this.#inCallback = undefined;
      this.#settle(entry);
    };
    const { onEvent, onGap } = this.#callbacks;
    const returned = callBack(entry.frame.op === 'gap' ? onGap : onEvent, entry.frame);
    if (typeof returned?.then !== 'function') return through();
    const goOn = () => {
      through();
      this.#handOver();
    };
    Promise.resolve(returned).then(goOn, (error) => {
      rethrow(error);
      goOn();
    });
  }

  #settle(entry) {
    if (entry.live && !this.#end) callBack(this.#callbacks.onLive, this.taken.cursor);
    this.#onSettled(entry);
  }
}
