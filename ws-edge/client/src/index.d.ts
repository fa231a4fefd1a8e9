import type { Runs } from './fold.js';

export type { Runs } from './fold.js';

/**
 * - `connecting`: not subscribed yet; `reconnecting`: not any more, and trying again by itself
 * - `offline`: as `reconnecting`, and the browser says that there is no network; tries at once when it is back
 * - `replaying`: reading the log from behind; `live`: has caught up
 * - `draining` (clients only): all is well, but the node goes away soon; moves to another by itself
 *
 * and those that nothing follows:
 * - `ended`: closed, the run is over, or an error that trying again would not mend
 * - `expired`: the token is not accepted, and there is no newer one: sign in again, and connect anew
 * - `evicted`: the same user has opened more connections than an edge allows, and this was the oldest. Coming back by
 *   itself would only evict the next; do it when the user asks for it
 * - `forbidden`: the token does not grant this thread (or, for a client, anything): ask for one that does
 */
export type State = WaitingState | 'replaying' | 'live' | 'draining' | OverState;
export type WaitingState = 'connecting' | 'reconnecting' | 'offline';
export type OverState = 'ended' | 'expired' | 'evicted' | 'forbidden';

/** `sse`: no WebSocket could be opened; server-sent events do its work, but for acks, until one can. */
export type Transport = 'websocket' | 'sse';

/** Why the last connection ended, or a subscription waits. */
export interface Cause {
  /** The close code; absent where a single subscription waits (LOG_UNAVAILABLE, LEDGER_UNAVAILABLE, HOLE). */
  code?: number;
  /** The name of the close code, such as TOKEN_EXPIRED (a newer one is being asked for), or the error code. */
  name: string;
  reason: string;
}

interface About<S extends State> {
  state: S;
  transport: Transport;
  /** Of a subscription: the latest gap that it was told of. */
  gap?: GapItem;
}

/** A state with what is to be known of it at this moment. */
export type Status =
  | (About<WaitingState> & {
      /** 1, 2, …: which attempt is under way or comes next. */
      attempt: number;
      /** Until the next attempt; 0 while it is under way. */
      retryInMs: number;
      cause?: Cause;
    })
  | (About<'replaying'> & {
      /** Received since the replay began. */
      events?: number;
      /** How old the latest of them is, by the clock of this machine: how far the replay is behind. */
      behindMs?: number;
    })
  | About<'live'>
  | (About<'draining'> & { retryAfterMs: number })
  | (About<OverState> & { error?: RunwireError });

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
  /** Acknowledge what was taken, so that the server keeps evidence of delivery. Default false; not over `sse`. */
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
  /** `error` comes with the states that nothing follows, if there is one. */
  onState?(state: State, error?: RunwireError): void;
}

/** Ends by itself, by an error (thrown once, after the last item), or by `close` or leaving the loop. */
export interface Subscription<E extends AgUiEvent = AgUiEvent> extends AsyncIterable<Item<E>> {
  readonly thread: string;
  readonly state: State;
  readonly status: Status;
  /** The position after what the consumer has taken: store it with `runs`, and resume by `after` and `runs`. */
  readonly cursor: string | undefined;
  /** The runs (the 64 that moved last) that were taken up to `cursor`. */
  readonly runs: Runs;
  close(): void;
  [Symbol.asyncIterator](): AsyncIterableIterator<Item<E>>;
}

export interface ClientEvents {
  state: State;
  /** At each change of state, before each attempt to reconnect, and when the transport changes. */
  status: Status;
  /** Whatever went wrong, also if the client can help itself. An `error` nobody listens to is not thrown. */
  error: RunwireError;
  /** Also when a WebSocket takes the place of server-sent events, with nothing lost in between. */
  connected: { url: string; connection: string; transport: Transport };
  disconnected: { code: number; name: string; reason: string; retryInMs: number };
  /** The server has taken a newer token. */
  authorized: { exp: number };
  /** The node goes away; the client will move by itself. */
  draining: { retryAfterMs: number };
}

export interface Client {
  /** The state of the worst off of its subscriptions; `live` if there is none. */
  readonly state: State;
  /** Where a countdown or a progress is shown, read it again and again: it tells of the moment. */
  readonly status: Status;
  on<N extends keyof ClientEvents>(name: N, listener: (value: ClientEvents[N]) => void): () => void;
  /** One subscription per thread at a time. */
  thread<E extends AgUiEvent = AgUiEvent>(thread: string, options?: ThreadOptions<E>): Subscription<E>;
  /** Reconnects at once if it waits to, since somebody has asked for it. */
  retry(): void;
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
  /**
   * `auto` (default): WebSockets; after three that could not be opened, server-sent events, while a WebSocket is tried
   * again every 5 to 60 s. Another origin must be allowed to send `Authorization` (CORS).
   */
  transport?: 'auto' | Transport;
  /** For server-sent events. Default: the platform's. */
  fetch?: typeof globalThis.fetch;
  /** For tests: in the place of `window`, for its `navigator`, `document`, and events. */
  environment?: object;
  /** For tests. */
  clock?: Clock;
  /** For tests. */
  random?: () => number;
}

export declare function connect(options: ConnectOptions): Client;
