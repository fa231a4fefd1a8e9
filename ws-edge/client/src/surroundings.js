/**
 * What a browser knows of the network and of its user. A Node process knows neither, and there nothing happens.
 *
 * `onWake` is called when it is worth to look at the connection at once: the network is back, or somebody looks at the
 * page again (it may have slept for hours). `onChange` is called when the network has come or gone.
 */
export class Surroundings {
  #environment;
  #listening = [];

  constructor(environment, { onWake, onChange }) {
    this.#environment = environment;
    const document = environment.document;
    this.#listen(environment, 'online', () => {
      onChange();
      onWake();
    });
    this.#listen(environment, 'offline', onChange);
    this.#listen(environment, 'pageshow', ({ persisted }) => persisted && onWake());
    this.#listen(document, 'visibilitychange', () => document.visibilityState === 'visible' && onWake());
  }

  /** Whether there is no network at all. An edge on this very machine can be reached nevertheless. */
  get offline() {
    return this.#environment.navigator?.onLine === false;
  }

  leave() {
    for (const [target, name, fn] of this.#listening.splice(0)) target.removeEventListener(name, fn);
  }

  #listen(target, name, fn) {
    if (typeof target?.addEventListener !== 'function') return;
    target.addEventListener(name, fn);
    this.#listening.push([target, name, fn]);
  }
}
