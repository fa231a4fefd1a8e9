import { connect } from '/sdk/index.js';
import { Interruption } from './interruption.js';
import { causeInWords, isOver, STATES } from './states.js';
import { Timeline } from './timeline.js';

/** How long the button keeps the page away: long enough to be seen. */
const AWAY_MS = 2_000;

/** What the page does with the SDK: one client, one thread followed by it, all of it written into the model. */
export class Connection {
  #model;
  #session;
  #client;
  #followed;
  #back = Promise.resolve();
  #blocked = false;

  constructor(model, session) {
    this.#model = model;
    this.#session = session;
  }

  open() {
    const { connection, config } = this.#model;
    const url = config.edges.length > 0 ? config.edges : location.origin;
    Object.assign(connection, { state: 'connecting', failures: 0, error: undefined });
    const getToken = () => this.#back.then(() => this.#session.token());
    const client = connect({ url, getToken, WebSocket: this.#webSocket() });
    this.#client = client;
    connection.status = () => client.status;
    client.on('state', (state) => this.#became(state));
    client.on('connected', ({ url, transport }) => {
      Object.assign(connection, { edge: new URL(url).host, failures: 0 });
      this.#carriedBy(transport);
    });
    client.on('disconnected', (cause) => this.#disconnected(cause));
    client.on('error', (error) => (connection.error = error));
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
    this.#model.view.gapSeen = undefined;
    if (thread && !this.#over) this.#subscribe(thread, 'earliest');
    this.#model.changed();
  }

  /** Loses the connection as a failing network would, and keeps the way back barred for a moment. */
  drop() {
    this.#interrupt('You dropped the connection');
    this.#back = new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    this.#client.dropConnection();
  }

  /** Does not wait for the next attempt. */
  retry() {
    this.#client.retry();
  }

  /** Lets no WebSocket through, as some proxies do, or lets them again. */
  block(blocked) {
    this.#blocked = blocked;
    this.#model.connection.blocked = blocked;
    if (blocked) this.#client.dropConnection();
    else this.#model.changed();
  }

  get #over() {
    return isOver(this.#client.state);
  }

  #webSocket() {
    const isBlocked = () => this.#blocked;
    return function GatedWebSocket(url, protocols) {
      return new WebSocket(isBlocked() ? new URL('/v1/blocked', url) : url, protocols);
    };
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
        subscription.gap = frame;
        model.timeline.apply(frame);
        model.announce(`A part of the log is missing: ${frame.reason}`);
      },
      onState: (state, error) => {
        Object.assign(subscription, { state, error });
        if (state === 'replaying') subscription.firstTs = undefined;
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
    subscription.firstTs ??= frame.ts;
    if (interruption && !interruption.over) interruption.replayed++;
    model.meter.record(now, subscription.state === 'live' ? now - frame.ts : undefined);
    const { status } = timeline.current;
    if (status !== statusBefore && subscription.state === 'live') {
      model.announcement = status === 'running' ? 'Run started' : `Run ${status}`;
    }
    model.changed();
  }

  #disconnected(cause) {
    const { connection, interruption } = this.#model;
    const wasUp = connection.failures === 0 && connection.state !== 'connecting';
    if (wasUp && (!interruption || interruption.over)) this.#interrupt(causeInWords(cause));
    connection.failures++;
    this.#model.changed();
  }

  #interrupt(cause) {
    const interruption = new Interruption(Date.now(), cause);
    this.#model.interruption = interruption;
    this.#model.timeline?.cutHere(interruption);
  }

  #became(state) {
    const { connection, interruption } = this.#model;
    connection.state = state;
    if (interruption && !interruption.over) interruption.passed(state, Date.now());
    this.#model.announce(state === 'live' && interruption?.over ? this.#outcome() : STATES[state].spoken);
  }

  #carriedBy(transport) {
    const { connection } = this.#model;
    const before = connection.transport;
    connection.transport = transport;
    if (transport === before) return;
    if (transport === 'sse') this.#model.announce('No WebSocket can be opened, going on over plain HTTP');
    else this.#model.announce('The WebSocket works again');
  }

  #outcome() {
    const { interruption, timeline } = this.#model;
    return `Live again, ${interruption.replayed} events replayed, ${timeline?.lost ?? 0} lost, ${timeline?.doubled ?? 0} doubled`;
  }
}
