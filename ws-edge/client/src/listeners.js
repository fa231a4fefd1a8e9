import { callBack } from './errors.js';

/** Callbacks by event name, for a closed set of names. */
export class Listeners {
  #byName;

  constructor(names) {
    this.#byName = new Map(names.map((name) => [name, new Set()]));
  }

  /** Returns the function that takes the listener away again. */
  on(name, fn) {
    const listeners = this.#byName.get(name);
    if (!listeners) throw new TypeError(`on: ${name} (expected: ${[...this.#byName.keys()].join(', ')})`);
    if (typeof fn !== 'function') throw new TypeError(`on ${name}: ${typeof fn} (expected: a function)`);
    const listener = (value) => fn(value); // the same function may listen twice
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  emit(name, value) {
    for (const listener of [...this.#byName.get(name)]) callBack(listener, value);
  }
}
