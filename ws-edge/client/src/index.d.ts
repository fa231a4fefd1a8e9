import type { Runs } from './fold.js';

export type { Runs } from './fold.js';

/**
 * - `connecting`: not subscribed yet; `reconnecting`: not any more, and trying again
 * - `replaying`: reading the log from behind; `live`: has caught up
 * - `ended`: over; `expired`: over, because the token is not accepted any more
 */
export type State = 'connecting' | 'live' | 'replaying' | 'reconnecting' | 'ended' | 'expired';

/** An AG-UI event as the agent wrote it. `@ag-ui/core` has the types in full. */
export interface AgUiEvent {
  type: string;
  [field: string]: unknown;
}

export interface EventItem<E extends AgUiEvent = AgUiEvent> {
  op: 'event';
  thread: string;
  run: string;
  attempt: number;
  /** Dense from 1 per run and attempt. */
  seq: number;
  /** Store it to resume after this event. */
  cursor: string;
  /** Milliseconds since 1970. */
  ts: number;
  /** On a terminal event: whether it ends the run (true) or another attempt follows. */
  final?: boolean;
  /** How often this event has been sent again for want of an ack. */
  redelivery?: number;
  event: E;
}

/** Events between `from` and `to` cannot be had (any more); `seq` may jump once per run. */
export interface GapItem {
  op: 'gap';
  thread: string;
  /** HOLE is this library's own: the edge left something out of a run, even when asked again. */
  reason: 'EXPIRED' | 'TRUNCATED' | 'FOREIGN_LOG' | 'HOLE' | (string & {});
  from?: string;
  to?: string;
}

export type Item<E extends AgUiEvent = AgUiEvent> = EventItem<E> | GapItem;

/**
 * Codes of the server's `error` frames, names of close codes (with `closeCode`), and
 * TOKEN_UNAVAILABLE, NO_WEBSOCKET, ALREADY_SUBSCRIBED, CLOSED, HOLE.
 */
export declare class RunwireError extends Error {
  readonly code: string;
  readonly closeCode?: number;
  readonly thread?: string;
}

export interface ThreadOptions<E extends AgUiEvent = AgUiEvent> {
  /** Only this run; the subscription ends after the run's final terminal event. */
  run?: string;
  /** A cursor stored earlier: reads on after it. Wins over `from`. */
  after?: string;
  /** What was stored with the cursor (`subscription.runs`). Only with `after`. */
  runs?: Runs;
  /** Where to start without a cursor: `open` is the start of the oldest run that is still going. Default `latest`. */
  from?: 'earliest' | 'open' | 'latest';
  /** Acknowledge what was taken, so that the server keeps evidence of delivery. Default false. */
  ack?: boolean;
  /**
   * How many items may wait for the consumer (default 10,000; and 32 Mi characters). Beyond that the subscription is
   * given up until the half is taken, and then resumed by its cursor. With `ack` the server's window is the bound.
   */
  maxBuffered?: number;
  /**
   * Takes the events in place of `for await`, one after the other: if it returns a promise, the next waits for it.
   * What it throws reaches the platform's handler for uncaught errors; the subscription goes on.
   */
  onEvent?(item: EventItem<E>): unknown;
  onGap?(gap: GapItem): unknown;
  /** The consumer has everything up to now; called again when the cursor of a quiet thread has moved on. */
  onLive?(cursor: string): void;
  /** `error` comes with `ended` and `expired`, if that is why. */
  onState?(state: State, error?: RunwireError): void;
}

/** Ends by itself, by an error (thrown once, after the last item), or by `close` or leaving the loop. */
export interface Subscription<E extends AgUiEvent = AgUiEvent> extends AsyncIterable<Item<E>> {
  readonly thread: string;
  readonly state: State;
  /** The position after what the consumer has taken: store it with `runs`, and resume by `after` and `runs`. */
  readonly cursor: string | undefined;
  /** The runs (the 64 that moved last) that were taken up to `cursor`. */
  readonly runs: Runs;
  close(): void;
  [Symbol.asyncIterator](): AsyncIterableIterator<Item<E>>;
}

export interface ClientEvents {
  state: State;
  /** Whatever went wrong, also if the client can help itself. An `error` nobody listens to is not thrown. */
  error: RunwireError;
  connected: { url: string; connection: string };
  disconnected: { code: number; name: string; reason: string; retryInMs: number };
  /** The server has taken a newer token. */
  authorized: { exp: number };
  /** The node goes away; the client will move by itself. */
  draining: { retryAfterMs: number };
}

export interface Client {
  /** The state of the worst off of its subscriptions; `live` if there is none. */
  readonly state: State;
  on<N extends keyof ClientEvents>(name: N, listener: (value: ClientEvents[N]) => void): () => void;
  /** One subscription per thread at a time. */
  thread<E extends AgUiEvent = AgUiEvent>(thread: string, options?: ThreadOptions<E>): Subscription<E>;
  /** Loses the connection as a failing network would, to see that nothing is missing afterwards. */
  dropConnection(): void;
  /** Ends all subscriptions without an error. */
  close(): void;
}

/** The part of the WebSocket constructor that is used; the package `ws` and Node's own have it, too. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'error', listener: (error: { message?: string }) => void): void;
  addEventListener(type: 'message', listener: (message: { data: any }) => void): void;
  addEventListener(type: 'close', listener: (close: { code: number; reason: string }) => void): void;
};

export interface Clock {
  /** Milliseconds that only go forward. */
  now(): number;
  /** Milliseconds since 1970. */
  wallTime(): number;
  setTimeout(fn: () => void, ms: number): unknown;
  clearTimeout(timer: any): void;
}

export interface ConnectOptions {
  /** Origins or URLs that end in /v1/ws, ws(s) or http(s); tried in turn. */
  url: string | string[];
  /** Gives a JWT; called before each connection, and again before the JWT in use expires. */
  getToken: () => string | Promise<string>;
  /** Default: the platform's, or that of the package `ws`. */
  WebSocket?: WebSocketConstructor;
  /** For tests. */
  clock?: Clock;
  /** For tests. */
  random?: () => number;
}

export declare function connect(options: ConnectOptions): Client;
