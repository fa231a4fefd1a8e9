import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { Mailbox } from './waiting.js';

export const HEARTBEAT_MS = 20_000;

/** An edge that does what the test says, and nothing by itself. */
export class ScriptedServer {
  #server;
  #peers = new Mailbox();

  static async start() {
    const server = new ScriptedServer();
    server.#server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      handleProtocols: (offered) => [...offered].find((protocol) => protocol === 'runwire.v1') ?? false,
    });
    server.#server.on('connection', (socket, request) => server.#peers.put(new Peer(socket, request)));
    await once(server.#server, 'listening');
    return server;
  }

  get url() {
    return `ws://127.0.0.1:${this.#server.address().port}`;
  }

  /** The next connection, as it comes, unauthenticated. */
  dialled() {
    return this.#peers.take('a connection');
  }

  /** The next connection, welcomed. */
  async connected() {
    const peer = await this.dialled();
    await peer.welcome();
    return peer;
  }

  async stop() {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** The server's end of one connection. */
class Peer {
  request;
  #socket;
  #frames = new Mailbox();
  #closes = new Mailbox();

  constructor(socket, request) {
    this.#socket = socket;
    this.request = request;
    socket.on('message', (data) => this.#frames.put(JSON.parse(data)));
    socket.on('close', (code) => this.#closes.put(code));
  }

  get protocol() {
    return this.#socket.protocol;
  }

  async welcome() {
    const auth = await this.takes('auth');
    this.send({ op: 'welcome', connection: 'c1', heartbeatMs: HEARTBEAT_MS, limits: {} });
    return auth;
  }

  /** The next frame of the client, which must be this one. */
  async takes(op) {
    const frame = await this.#frames.take(`a frame ${op}`);
    assert.equal(frame.op, op, JSON.stringify(frame));
    return frame;
  }

  /** Takes the subscribe frame and answers it. */
  async subscribes(cursor = 'start', recovered = true) {
    const frame = await this.takes('subscribe');
    this.send({ op: 'subscribed', id: frame.id, thread: frame.thread, cursor, recovered });
    return frame;
  }

  send(...frames) {
    for (const frame of frames) this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  close(code, reason) {
    this.#socket.close(code, reason);
  }

  /** Ends without a word. */
  kill() {
    this.#socket.terminate();
  }

  /** The code by which the connection has ended. */
  closed() {
    return this.#closes.take('a close');
  }
}

/** The frame of an event whose cursor tells where it comes from. */
export function event(seq, { thread = 't', run = 'r', attempt = 1, type = 'CUSTOM', ...more } = {}) {
  const cursor = `${run}.${attempt}.${seq}`;
  return { op: 'event', thread, run, attempt, seq, cursor, ts: 1_764_000_000_000, ...more, event: { type } };
}

export function events(from, to, about) {
  return Array.from({ length: to - from + 1 }, (_, i) => event(from + i, about));
}
