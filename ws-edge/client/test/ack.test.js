import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Acknowledgements } from '../src/acknowledgements.js';
import { ManualClock } from '../testing/manual-clock.js';
import { event, events } from '../testing/scripted-server.js';
import { scene } from '../testing/scene.js';
import { until } from '../testing/waiting.js';

async function acknowledging(t, options) {
  const set = await scene(t, { random: () => 0 });
  const subscription = set.client.thread('t', { ack: true, ...options });
  const peer = await set.server.connected();
  await peer.subscribes();
  const received = async () => {
    const before = set.told.draining.length;
    peer.send({ op: 'draining' }); // comes in after all that was sent before it
    await until(() => set.told.draining.length > before);
  };
  return { ...set, peer, subscription, received, iterator: subscription[Symbol.asyncIterator]() };
}

const take = async (iterator, count) => {
  for (let i = 0; i < count; i++) await iterator.next();
};

test('only what was taken is acknowledged, cumulatively, 100 ms after the first', async (t) => {
  const { peer, clock, iterator, received } = await acknowledging(t);
  peer.send(...events(1, 9));
  await received();
  clock.advance(1_000);
  await take(iterator, 2);
  clock.advance(99);
  await take(iterator, 1);
  clock.advance(1);
  assert.deepEqual(await peer.takes('ack'), { op: 'ack', thread: 't', cursor: 'r.1.3' });
});

test('64 events are acknowledged at once', async (t) => {
  const { peer, iterator } = await acknowledging(t);
  peer.send(...events(1, 200));
  await take(iterator, 130);
  assert.equal((await peer.takes('ack')).cursor, 'r.1.64');
  assert.equal((await peer.takes('ack')).cursor, 'r.1.128');
});

test('without ack nothing is acknowledged', async (t) => {
  const { peer, clock, iterator, client } = await acknowledging(t, { ack: false });
  peer.send(...events(1, 100));
  await take(iterator, 100);
  clock.advance(1_000);
  client.thread('u');
  await peer.takes('subscribe');
});

test('a callback acknowledges when it is through', async (t) => {
  const release = [];
  const { peer, clock, received } = await acknowledging(t, { onEvent: () => new Promise((resolve) => release.push(resolve)) });
  peer.send(...events(1, 3));
  await received();
  clock.advance(1_000);
  release.shift()();
  await until(() => release.length === 1);
  clock.advance(100);
  assert.equal((await peer.takes('ack')).cursor, 'r.1.1');
});

test('however many threads: never faster than the server accepts, and each has its turn', () => {
  const clock = new ManualClock();
  const sent = [];
  const acknowledgements = new Acknowledgements(({ thread }) => sent.push({ thread, at: clock.now() }), clock);
  const threads = Array.from({ length: 60 }, (_, i) => `t${i}`);
  for (let round = 0; round < 300; round++) {
    for (const thread of threads) acknowledgements.took(thread, `c${round}`);
    clock.advance(50);
  }
  sent.forEach(({ at }, i) => assert.ok(i + 1 <= 30 + (15 * at) / 1000, `${i + 1} acks after ${at} ms`));
  const turns = threads.map((thread) => sent.filter((ack) => ack.thread === thread).length);
  assert.ok(Math.min(...turns) >= 3, turns.join(' '));
});

test('what is sent again for want of an ack is skipped and does not turn the position back', async (t) => {
  const { peer, clock, iterator, subscription, received } = await acknowledging(t);
  peer.send(...events(1, 5));
  await take(iterator, 5);
  peer.send(...events(2, 4, { redelivery: 1 }));
  await received();
  assert.equal(subscription.cursor, 'r.1.5');
  clock.advance(100);
  assert.equal((await peer.takes('ack')).cursor, 'r.1.5');
});

test('what was acknowledged and is sent again is acknowledged again, so that the window of the server moves', async (t) => {
  const { peer, clock, iterator, subscription, received } = await acknowledging(t);
  peer.send(...events(1, 5));
  await take(iterator, 5);
  clock.advance(100);
  assert.equal((await peer.takes('ack')).cursor, 'r.1.5');
  peer.send(...events(3, 5, { redelivery: 1 }));
  await received();
  clock.advance(100);
  assert.equal((await peer.takes('ack')).cursor, 'r.1.5');
  assert.equal(subscription.cursor, 'r.1.5');
});

test('a slow consumer acknowledges nothing by what is sent again, and has each event once', async (t) => {
  const seen = [];
  const release = [];
  const onEvent = ({ seq }) => {
    seen.push(seq);
    return new Promise((resolve) => release.push(resolve));
  };
  const { peer, clock, received } = await acknowledging(t, { onEvent });
  peer.send(...events(1, 2), ...events(1, 2, { redelivery: 1 }), ...events(1, 2, { redelivery: 2 }));
  await received();
  clock.advance(1_000);
  for (const expected of ['r.1.1', 'r.1.2']) {
    await until(() => release.length === 1);
    release.shift()();
    await until(() => clock.pending > 1);
    clock.advance(100);
    assert.equal((await peer.takes('ack')).cursor, expected);
  }
  assert.deepEqual(seen, [1, 2]);
});

test('what the fold skips is acknowledged, too, or the server would wait for it', async (t) => {
  const { peer, clock, iterator, received } = await acknowledging(t);
  peer.send(event(1, { type: 'RUN_FINISHED', final: true }), event(2, { cursor: 'late' }));
  await received();
  await take(iterator, 1);
  clock.advance(100);
  assert.equal((await peer.takes('ack')).cursor, 'late');
});

test('after a loss reading goes on after what was taken, and everything is acknowledged where it was sent', async (t) => {
  const { peer, clock, server, iterator, received, redial } = await acknowledging(t);
  peer.send(...events(1, 9));
  await received();
  await take(iterator, 3);
  peer.kill();
  await redial();
  const next = await server.connected();
  const { after, runs, ack } = await next.subscribes();
  assert.deepEqual({ after, runs, ack }, { after: 'r.1.3', runs: { r: [1, 3] }, ack: true });
  clock.advance(100);
  next.send(...events(4, 9));
  assert.equal((await iterator.next()).value.cursor, 'r.1.4');
  clock.advance(100);
  assert.equal((await next.takes('ack')).cursor, 'r.1.4');
});

test('an event that was in a callback when the connection was lost is neither repeated nor acknowledged elsewhere', async (t) => {
  const seen = [];
  const release = [];
  const onEvent = ({ cursor }) => {
    seen.push(cursor);
    return new Promise((resolve) => release.push(resolve));
  };
  const { peer, clock, server, received, redial } = await acknowledging(t, { onEvent });
  peer.send(...events(1, 2));
  await received();
  peer.kill();
  await redial();
  const next = await server.connected();
  assert.equal((await next.subscribes()).after, 'r.1.1');
  next.send(event(2));
  release.shift()();
  await until(() => release.length === 1);
  clock.advance(100);
  release.shift()();
  await until(() => clock.pending > 1);
  clock.advance(100);
  assert.equal((await next.takes('ack')).cursor, 'r.1.2');
  assert.deepEqual(seen, ['r.1.1', 'r.1.2']);
});

test('the last of a run is acknowledged before the subscription ends', async (t) => {
  const { peer, subscription } = await acknowledging(t, { run: 'r' });
  peer.send(event(1), event(2, { type: 'RUN_FINISHED', final: true }));
  for await (const item of subscription) assert.ok(item);
  assert.equal((await peer.takes('ack')).cursor, 'r.1.2');
  await peer.takes('unsubscribe');
});

test('closing acknowledges what was taken', async (t) => {
  const { peer, client, clock, iterator } = await acknowledging(t);
  peer.send(...events(1, 3));
  await take(iterator, 2);
  client.close();
  assert.equal((await peer.takes('ack')).cursor, 'r.1.2');
  assert.equal(await peer.closed(), 1000);
  assert.equal(clock.pending, 0);
});
