import { EXAMPLES } from './examples.js';
import { Meter } from './meter.js';

/** Everything that the page shows. Whoever changes it calls `changed`; the views only read it. */
export class Model {
  /** loading | unreachable | signed-out | ready */
  phase = 'loading';
  config = { development: false, demo: false, edges: [] };
  signIn = { problem: undefined };

  /**
   * The SDK client's state, the edge it was last connected to, and the attempts that have failed since. `status()` is
   * what the client says of itself at the moment of drawing; `blocked`: the page lets no WebSocket through.
   */
  connection = {
    state: 'connecting',
    status: () => ({ state: 'connecting', attempt: 1, retryInMs: 0 }),
    transport: 'websocket',
    blocked: false,
    edge: undefined,
    failures: 0,
    error: undefined,
  };
  /** The latest loss of the connection. */
  interruption = undefined;

  /** The thread that is followed, if any: its Timeline, and how its subscription is; `firstTs`: of the latest replay. */
  timeline = undefined;
  subscription = { state: 'connecting', from: undefined, error: undefined, gap: undefined, firstTs: undefined };
  meter = new Meter();

  /** status: loading | listed | partial | away | unreachable | expired | forbidden */
  ledger = { status: 'loading', rows: [] };
  /** The finished run that is looked at again, if any: a Drawer. */
  drawer = undefined;
  ask = { question: EXAMPLES[0], busy: false, problem: undefined };
  /** The short-lived token in the snippets; undefined where the edge hands out none. */
  handout = undefined;

  view = {
    snippet: 'curl',
    pane: 'timeline',
    open: new Set(),
    copied: undefined,
    filter: '',
    following: true,
    gapSeen: undefined,
  };
  announcement = '';

  #onChange;

  constructor(onChange) {
    this.#onChange = onChange;
  }

  changed() {
    this.#onChange();
  }

  /** Says it to those who do not see the page. */
  announce(text) {
    this.announcement = text;
    this.changed();
  }
}
