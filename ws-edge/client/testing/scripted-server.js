import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { Mailbox } from './waiting.js';

export const HEARTBEAT_MS = 20_000;

/** An edge that does what the test says, and nothing by itself. */
export class ScriptedServer {
  /** Whether WebSockets may be opened; a proxy would cut such an attempt off. */
  upgrades = true;
  /** Whether plain HTTP is answered by an edge. */
  streams = false;
  #http = createServer((request, response) => this.#requested(request, response));
  #sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => [...offered].find((protocol) => protocol === 'runwire.v1') ?? false,
  });
  #peers = new Mailbox();
  #streams = new Mailbox();

  static async start() {
    const server = new ScriptedServer();
    server.#sockets.on('connection', (socket, request) => server.#peers.put(new Peer(socket, request)));
    server.#http.on('upgrade', (request, socket, head) => {
      if (!server.upgrades) return socket.destroy();
      server.#sockets.handleUpgrade(request, socket, head, (opened) => server.#sockets.emit('connection', opened, request));
    });
    server.#http.listen(0, '127.0.0.1');
    await once(server.#http, 'listening');
    return server;
  }

  get url() {
    return `ws://127.0.0.1:${this.#http.address().port}`;
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

  /** The next stream that is asked for, unanswered. */
  asked() {
    return this.#streams.take('a stream');
  }

  async stop() {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.close();
    this.#http.closeAllConnections();
    await once(this.#http, 'close');
  }

  #requested(request, response) {
    if (!this.streams) response.writeHead(426).end();
    else if (request.url.startsWith('/v1/route?')) response.end('{"partitions":8}');
    else this.#streams.put(new StreamPeer(request, response));
  }
}

/** The server's end of one stream of server-sent events. */
class StreamPeer {
  url;
  token;
  closed = false;
  #response;

  constructor({ url, headers }, response) {
    this.url = new URL(url, 'http://edge');
    this.token = headers.authorization;
    this.#response = response;
    response.on('close', () => (this.closed = true));
  }

  get thread() {
    return this.url.pathname.split('/')[3];
  }

  /** What the URL asks for. */
  get query() {
    return Object.fromEntries(this.url.searchParams);
  }

  subscribes(cursor = 'start') {
    this.#response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.send({ op: 'welcome', connection: 's1', heartbeatMs: HEARTBEAT_MS, limits: {} });
    this.send({ op: 'subscribed', id: 0, thread: this.thread, cursor, recovered: true });
    return this;
  }

  send(...frames) {
    for (const frame of frames) this.write(`data: ${JSON.stringify(frame)}\n\n`);
  }

  write(text) {
    this.#response.write(text);
  }

  refuse(status, code) {
    this.#response.writeHead(status).end(code && JSON.stringify({ code, detail: 'because' }));
  }

  end() {
    this.#response.end();
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

  /** Answers the token that the client shows in its handshake or first frame, and returns it. */
  async welcome() {
    const token = this.offeredToken ?? (await this.takes('auth')).token;
    this.send({ op: 'welcome', connection: 'c1', heartbeatMs: HEARTBEAT_MS, limits: {} });
    return token;
  }

  get offeredToken() {
    const offered = this.request.headers['sec-websocket-protocol'].split(',').map((protocol) => protocol.trim());
    return offered.find((protocol) => protocol.startsWith('bearer.'))?.slice('bearer.'.length);
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
