import { connect } from '/sdk/index.js';
import { Interruption } from './interruption.js';
import { Timeline } from './timeline.js';

/** How long the button keeps the page away: long enough to be seen. */
const AWAY_MS = 2_000;

const SPOKEN = {
  connecting: 'Connecting',
  replaying: 'Replaying',
  live: 'Live',
  reconnecting: 'Connection lost, reconnecting',
  expired: 'The session has expired',
  ended: 'Disconnected',
};

/** What the page does with the SDK: one client, one thread followed by it, all of it written into the model. */
export class Connection {
  #model;
  #session;
  #client;
  #followed;
  #back = Promise.resolve();

  constructor(model, session) {
    this.#model = model;
    this.#session = session;
  }

  open() {
    const { connection, config } = this.#model;
    const url = config.edges.length > 0 ? config.edges : location.origin;
    Object.assign(connection, { state: 'connecting', failures: 0, error: undefined });
    this.#client = connect({ url, getToken: () => this.#back.then(() => this.#session.token()) });
    this.#client.on('state', (state) => this.#became(state));
    this.#client.on('connected', ({ url }) => Object.assign(connection, { edge: new URL(url).host, failures: 0 }));
    this.#client.on('disconnected', () => this.#disconnected());
    this.#client.on('error', (error) => (connection.error = error));
  }

  close() {
    this.#client?.close();
  }

  /** Follows a thread from its beginning, or nothing. */
  follow(thread) {
    this.#followed?.close();
    this.#followed = undefined;
    this.#model.timeline = thread && new Timeline(thread);
    if (this.#model.interruption?.over) this.#model.interruption = undefined; // it was another timeline's
    this.#model.subscription = { state: 'connecting', from: undefined, error: undefined };
    if (thread && !this.#over) this.#subscribe(thread, 'earliest');
    this.#model.changed();
  }

  /** Loses the connection as a failing network would, and keeps the way back barred for a moment. */
  drop() {
    this.#interrupt(true);
    this.#back = new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    this.#client.dropConnection();
  }

  get #over() {
    return this.#client.state === 'ended' || this.#client.state === 'expired';
  }

  #subscribe(thread, from) {
    const model = this.#model;
    const subscription = { state: 'connecting', from, error: undefined };
    model.subscription = subscription;
    let wasOpen = false;
    this.#followed = this.#client.thread(thread, {
      from,
      onEvent: (frame) => this.#received(frame, subscription),
      onGap: (frame) => {
        model.timeline.apply(frame);
        model.announce('A part of the log is gone');
      },
      onState: (state, error) => {
        Object.assign(subscription, { state, error });
        if (error?.code === 'FORBIDDEN' && from === 'earliest' && !wasOpen) return this.#subscribe(thread, 'open');
        wasOpen ||= state === 'replaying';
        return model.changed();
      },
    });
  }

  #received(frame, subscription) {
    const model = this.#model;
    const now = Date.now();
    const { timeline, interruption } = model;
    const statusBefore = timeline.current?.status;
    timeline.apply(frame);
    if (interruption && !interruption.over) interruption.replayed++;
    model.meter.record(now, subscription.state === 'live' ? now - frame.ts : undefined);
    const { status } = timeline.current;
    if (status !== statusBefore && subscription.state === 'live') {
      model.announcement = status === 'running' ? 'Run started' : `Run ${status}`;
    }
    model.changed();
  }

  #disconnected() {
    const { connection, interruption } = this.#model;
    const wasUp = connection.failures === 0 && connection.state !== 'connecting';
    if (wasUp && (!interruption || interruption.over)) this.#interrupt(false);
    connection.failures++;
    this.#model.changed();
  }

  #interrupt(asked) {
    const interruption = new Interruption(Date.now(), asked);
    this.#model.interruption = interruption;
    this.#model.timeline?.cutHere(interruption);
  }

  #became(state) {
    const { connection, interruption } = this.#model;
    connection.state = state;
    if (interruption && !interruption.over) interruption.passed(state, Date.now());
    this.#model.announce(state === 'live' && interruption?.over ? this.#outcome() : SPOKEN[state]);
  }

  #outcome() {
    const { interruption, timeline } = this.#model;
    return `Live again, ${interruption.replayed} events replayed, ${timeline?.lost ?? 0} lost, ${timeline?.doubled ?? 0} doubled`;
  }
}
