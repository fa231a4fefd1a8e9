import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Blocks } from '../src/blocks.js';
import { event, events, HEARTBEAT_MS } from '../testing/scripted-server.js';
import { scene } from '../testing/scene.js';
import { until } from '../testing/waiting.js';

const LIVE = { op: 'live', thread: 't', cursor: 'live' };

/** A client behind a proxy that lets no WebSocket through. */
async function fallenBack(t, options = {}) {
  const set = await scene(t, { transport: 'sse', prepare: proxied, ...options });
  const seen = [];
  const follow = (thread, more) => set.client.thread(thread, { onEvent: ({ cursor }) => seen.push(cursor), ...more });
  return { ...set, seen, follow, sees: (n) => until(() => seen.length >= n, `${n} items`) };
}

function proxied(server) {
  server.upgrades = false;
  server.streams = true;
}

describe('the fallback', () => {
  test('comes after three WebSockets that could not be opened, and says so', async (t) => {
    const { server, client, told, redial, follow } = await fallenBack(t, { transport: 'auto' });
    follow('t');
    for (let i = 0; i < 3; i++) await redial();
    const stream = (await server.asked()).subscribes();
    await until(() => client.state === 'replaying');
    assert.equal(client.status.transport, 'sse');
    assert.deepEqual(told.connected.map(({ transport }) => transport), ['sse']);
    stream.send(LIVE);
    await until(() => client.state === 'live');
  });

  test('comes at once after a WebSocket that hangs', async (t) => {
    const { server, client, clock, redial } = await scene(t, { prepare: (edge) => (edge.streams = true) });
    client.thread('t');
    await server.dialled();
    clock.advance(10_000);
    await redial();
    await server.asked();
  });

  test('is not tried where a close code came: that was an edge', async (t) => {
    const { server, redial, client } = await scene(t, { prepare: (edge) => (edge.streams = true) });
    for (let i = 0; i < 5; i++) {
      (await server.dialled()).close(1013);
      await redial();
    }
    await server.connected();
    await until(() => client.state === 'live');
    assert.equal(client.status.transport, 'websocket');
  });

  test('takes turns with WebSockets while neither comes through', async (t) => {
    const { server, told, redial } = await scene(t, { prepare: (edge) => (edge.upgrades = false) });
    for (let i = 0; i < 5; i++) await redial();
    assert.match(told.disconnected[3].reason, /no edge answers, but status 426/);
    server.upgrades = true;
    for (let i = 0; told.connected.length === 0 && i < 2; i++) {
      if (i > 0) await redial();
      const { length } = told.disconnected;
      server.dialled().then((peer) => peer.welcome(), () => {});
      await until(() => told.connected.length > 0 || told.disconnected.length > length);
    }
    assert.equal(told.connected[0].transport, 'websocket');
  });

  test('may be refused by the application', async (t) => {
    const { told, redial } = await scene(t, { transport: 'websocket', prepare: proxied });
    for (let i = 0; i < 5; i++) await redial();
    assert.equal(told.connected.length, 0);
  });
});

describe('back to a WebSocket', () => {
  test('as soon as one can be opened: nothing is lost or doubled, and nothing looks like a loss', async (t) => {
    const { server, clock, told, redial, seen, sees, follow } = await fallenBack(t, { transport: 'auto' });
    const subscription = follow('t', { from: 'earliest' });
    for (let i = 0; i < 3; i++) await redial();
    const stream = (await server.asked()).subscribes();
    stream.send(...events(1, 3), LIVE);
    await until(() => subscription.state === 'live');
    clock.advance(3_750); // the first probe, refused
    await until(() => clock.pending === 2);
    server.upgrades = true;
    clock.advance(7_500);
    const peer = await server.connected();
    const { after, runs } = await peer.subscribes();
    assert.deepEqual({ after, runs }, { after: 'live', runs: { r: [1, 3] } });
    stream.send(event(4)); // too late
    peer.send(...events(3, 5), LIVE);
    await sees(5);
    assert.deepEqual(seen, ['r.1.1', 'r.1.2', 'r.1.3', 'r.1.4', 'r.1.5']);
    assert.deepEqual(told.connected.map(({ transport }) => transport), ['sse', 'websocket']);
    assert.equal(told.disconnected.length, 3);
    assert.ok(!told.state.includes('reconnecting'));
    await until(() => stream.closed);
  });

  test('is not tried where streams were asked for', async (t) => {
    const { server, clock, follow } = await fallenBack(t);
    follow('t');
    (await server.asked()).subscribes();
    await until(() => clock.pending === 1); // the watch over the silence alone
  });
});

describe('a stream', () => {
  test('asks for whole frames with the token in a header, and hands on the same items', async (t) => {
    const { server, seen, sees, follow } = await fallenBack(t, { getToken: () => 'secret' });
    follow('t', { from: 'earliest', run: 'r' });
    const stream = await server.asked();
    const { place, ...query } = stream.query;
    assert.deepEqual([stream.thread, query], ['t', { envelope: 'true', run: 'r', from: 'earliest' }]);
    assert.match(place, /^[a-z0-9]+\.0$/);
    assert.equal(stream.token, 'Bearer secret');
    stream.subscribes().write(':\n\n');
    const text = `id: x\ndata: ${JSON.stringify(event(1))}\n\n`;
    for (const char of text) stream.write(char);
    stream.send(event(2, { type: 'RUN_FINISHED', final: true }));
    await sees(2);
    assert.deepEqual(seen, ['r.1.1', 'r.1.2']);
    await until(() => stream.closed);
  });

  test('that is cut off is resumed by its cursor and what it has of its runs', async (t) => {
    const { server, seen, sees, redial, follow } = await fallenBack(t);
    follow('t');
    const stream = (await server.asked()).subscribes();
    stream.send(...events(1, 3), event(7, { run: 's', attempt: 2 }));
    await sees(4);
    stream.end();
    assert.equal((await redial()).reason, 'the stream was cut off');
    const next = await server.asked();
    const { place, ...query } = next.query;
    assert.deepEqual(query, { envelope: 'true', after: 's.2.7', runs: 'r,1,3;s,2,7' });
    assert.equal(place, stream.query.place, 'its own place, though the edge may not have missed it yet');
    next.subscribes().send(event(3), event(4));
    await sees(5);
    assert.deepEqual(seen, ['r.1.1', 'r.1.2', 'r.1.3', 's.2.7', 'r.1.4']);
  });

  test('tells what fits of very many runs', async (t) => {
    const { server, follow } = await fallenBack(t);
    const runs = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`${'x'.repeat(190)}${i}`, [1, 1]]));
    follow('t', { after: 'c', runs });
    const { query } = await server.asked();
    assert.ok(query.runs.length <= 3_000);
    assert.match(query.runs, /x63,1,1$/);
  });

  test('that is silent for two heartbeats is given up; a comment is a sign of life', async (t) => {
    const { server, clock, told, redial, follow, client } = await fallenBack(t);
    const live = [];
    follow('t', { onLive: (cursor) => live.push(cursor) });
    const stream = (await server.asked()).subscribes();
    await until(() => client.state === 'replaying');
    for (let i = 0; i < 3; i++) {
      clock.advance(HEARTBEAT_MS);
      stream.write(`:\n\ndata: ${JSON.stringify(LIVE)}\n\n:`); // of the next comment only a part
      await until(() => live.length === i + 1);
      stream.write('\n\n');
    }
    assert.equal(told.disconnected.length, 0);
    clock.advance(3 * HEARTBEAT_MS);
    assert.equal((await redial()).reason, 'silent');
  });

  for (const [code, state] of [[4504, 'evicted'], [4500, 'expired'], [1012, 'reconnecting'], [4005, 'reconnecting']]) {
    test(`that ends by ${code} is ${state}, as a socket would be`, async (t) => {
      const { server, client, told, follow } = await fallenBack(t);
      follow('t');
      (await server.asked()).subscribes().send({ op: 'close', code, reason: 'because' });
      await until(() => client.state === state);
      assert.equal(told.disconnected.length, state === 'reconnecting' ? 1 : 0);
    });
  }

  for (const [status, code, state] of [
    [403, 'FORBIDDEN', 'forbidden'],
    [400, 'CURSOR_MALFORMED', 'ended'],
    [503, 'LOG_UNAVAILABLE', 'connecting'],
  ]) {
    test(`refused by ${status} ${code} concerns its thread alone: ${state}`, async (t) => {
      const { server, client, told, follow } = await fallenBack(t);
      const refused = follow('t');
      const other = follow('u');
      for (let i = 0; i < 2; i++) {
        const stream = await server.asked();
        if (stream.thread === 't') stream.refuse(status, code);
        else stream.subscribes();
      }
      await until(() => told.error.length === 1 && other.state === 'replaying');
      assert.equal(refused.state, state);
      assert.deepEqual([told.error[0].code, told.error[0].thread], [code, 't']);
      assert.notEqual(client.state, 'ended');
    });
  }

  test('of what is not available now is asked for again, later and later', async (t) => {
    const { server, clock, told, follow } = await fallenBack(t, { random: () => 1 });
    const subscription = follow('t');
    for (const [code, pauseMs] of [['LOG_UNAVAILABLE', 250], ['LEDGER_UNAVAILABLE', 500], ['LOG_UNAVAILABLE', 1000]]) {
      const { length } = told.error;
      (await server.asked()).refuse(503, code);
      await until(() => told.error.length === length + 1);
      assert.equal(subscription.status.retryInMs, pauseMs);
      clock.advance(pauseMs);
    }
    (await server.asked()).subscribes().send(LIVE);
    await until(() => subscription.state === 'live');
  });

  for (const [status, code, name] of [
    [502, undefined, 'CONNECTION_LOST'],
    [429, 'TOO_MANY', 'NODE_FULL'],
    [503, 'NODE_FULL', 'NODE_FULL'],
    [503, 'DRAINING', 'NODE_FULL'],
    [503, 'KEYS_UNAVAILABLE', 'SERVER_ERROR'],
    [500, 'INTERNAL', 'SERVER_ERROR'],
  ]) {
    test(`refused by ${status} ${code ?? ''} is ${name}`, async (t) => {
      const { server, told, follow } = await fallenBack(t);
      follow('t');
      (await server.asked()).refuse(status, code);
      await until(() => told.disconnected.length === 1);
      assert.equal(told.disconnected[0].name, name);
    });
  }

  test('refused by 401 is the end of a token that was never taken, and the renewal of one that was', async (t) => {
    const { server, client, told, redial, follow } = await fallenBack(t);
    follow('t');
    (await server.asked()).subscribes();
    await until(() => client.state === 'replaying');
    follow('u');
    (await server.asked()).refuse(401, 'TOKEN_INVALID');
    await redial();
    assert.equal(told.disconnected[0].name, 'TOKEN_EXPIRED');
    (await server.asked()).refuse(401, 'TOKEN_INVALID');
    await until(() => client.state === 'expired');
  });

  test('is left by a consumer that is far behind, with acks as well', async (t) => {
    const { server, client } = await fallenBack(t);
    const iterator = client.thread('t', { ack: true, maxBuffered: 4, from: 'earliest' })[Symbol.asyncIterator]();
    const stream = (await server.asked()).subscribes();
    stream.send(...events(1, 6));
    await until(() => stream.closed);
    const got = [];
    while (got.length < 2) got.push((await iterator.next()).value.cursor);
    const again = (await server.asked()).subscribes();
    assert.equal(again.query.after, 'r.1.2'); // what was not taken does not count, where acks are asked for
    again.send(...events(3, 6));
    while (got.length < 6) got.push((await iterator.next()).value.cursor);
    assert.deepEqual(got, ['r.1.1', 'r.1.2', 'r.1.3', 'r.1.4', 'r.1.5', 'r.1.6']);
  });

  test('goes on with a newer token', async (t) => {
    const jwt = (name) => `${name}.${Buffer.from('{"iat":1764000000,"exp":1764000100}').toString('base64url')}.s`;
    let issued = 0;
    const { server, clock, told, follow, sees, seen } = await fallenBack(t, { getToken: () => jwt(++issued) });
    follow('t');
    const stream = (await server.asked()).subscribes();
    stream.send(event(1));
    await sees(1);
    for (let i = 0; i < 8; i++) {
      stream.send({ op: 'error', code: 'INTERNAL', message: 'still here' });
      await until(() => told.error.length === i + 1);
      clock.advance(10_000);
    }
    const next = await server.asked();
    assert.deepEqual([next.token, next.query.after], [`Bearer ${jwt(2)}`, 'r.1.1']);
    await until(() => told.authorized.length === 1 && stream.closed);
    next.subscribes().send(event(2));
    await sees(2);
    assert.deepEqual([seen, told.disconnected.length], [['r.1.1', 'r.1.2'], 0]);
  });
});

test('of more threads than there may be streams each has its turn, and misses nothing', async (t) => {
  const { server, clock, client, seen, sees, follow } = await fallenBack(t);
  const threads = Array.from({ length: 6 }, (_, i) => `t${i}`);
  for (const thread of threads) follow(thread, { from: 'earliest' });
  const open = new Map();
  const positions = new Map(threads.map((thread) => [thread, 0]));
  const serve = async () => {
    const stream = await server.asked();
    const { thread } = stream;
    open.set(thread, stream);
    const seq = positions.get(thread) + 1;
    assert.equal(stream.query.after, seq === 1 ? undefined : `${thread}.live`);
    positions.set(thread, seq);
    stream.subscribes('start').send(event(seq, { thread, run: thread }), { op: 'live', thread, cursor: `${thread}.live` });
  };
  for (let i = 0; i < 4; i++) await serve();
  await sees(4);
  for (let round = 0; round < 3; round++) {
    clock.advance(2_000);
    await serve();
    await serve();
    await sees(6 + 2 * round);
    const isOpen = ({ closed }) => !closed;
    await until(() => [...open.values()].filter(isOpen).length === 4);
    const places = [...open.values()].filter(isOpen).map(({ query }) => query.place.replace(/.*\./, ''));
    assert.deepEqual(places.sort(), ['0', '1', '2', '3']);
  }
  assert.equal(seen.length, new Set(seen).size);
  assert.deepEqual([...positions.values()].sort(), [1, 1, 2, 2, 2, 2]);
  client.close();
  await until(() => [...open.values()].every(({ closed }) => closed));
  assert.equal(clock.pending, 0);
});

test('blocks are cut where they end, however they arrive', () => {
  const text = ':\n\nid: 1\ndata: {"a":\ndata: 1}\n\nid: 2\n\nevent: x\ndata:b\n\ndata: unfinished';
  for (const size of [1, 2, 3, 7, 100]) {
    const blocks = new Blocks();
    const found = [];
    for (let at = 0; at < text.length; at += size) found.push(...blocks.take(text.slice(at, at + size)));
    assert.deepEqual(found, ['{"a":\n1}', 'b'], `in pieces of ${size}`);
  }
});
