import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { event, events } from '../testing/scripted-server.js';
import { scene } from '../testing/scene.js';
import { until } from '../testing/waiting.js';

const cursors = (items) => items.map(({ cursor }) => cursor);
const FINAL = { type: 'RUN_FINISHED', final: true };
const LIVE = { op: 'live', thread: 't', cursor: 'live' };

async function subscribed(t, options) {
  const set = await scene(t);
  const subscription = set.client.thread('t', options);
  const peer = await set.server.connected();
  await peer.subscribes();
  return { ...set, peer, subscription, iterator: subscription[Symbol.asyncIterator]() };
}

describe('for await', () => {
  test('gives the frames as the server sent them', async (t) => {
    const { peer, subscription } = await subscribed(t);
    const sent = [event(1, { type: 'RUN_STARTED' }), event(2), { op: 'gap', thread: 't', reason: 'EXPIRED', from: 'a', to: 'b' }];
    peer.send(...sent);
    const got = [];
    for await (const item of subscription) if (got.push(item) === 3) break;
    assert.deepEqual(got, sent);
  });

  test('ends the subscription when the loop is left', async (t) => {
    const { peer, subscription, client } = await subscribed(t);
    peer.send(event(1));
    for await (const item of subscription) if (item) break;
    assert.equal((await peer.takes('unsubscribe')).thread, 't');
    assert.equal(subscription.state, 'ended');
    for await (const item of subscription) assert.fail(item);
    client.thread('t');
  });

  test('ends after the last event of the run that was asked for', async (t) => {
    const { peer, subscription, client } = await subscribed(t, { run: 'r' });
    peer.send(event(1), event(2, { type: 'RUN_ERROR', final: false }));
    peer.send(event(1, { attempt: 2 }), event(2, { attempt: 2, ...FINAL }), event(3, { attempt: 2 }));
    const got = [];
    for await (const item of subscription) got.push(item);
    assert.deepEqual(cursors(got), ['r.1.1', 'r.1.2', 'r.2.1', 'r.2.2']);
    assert.equal(subscription.state, 'ended');
    assert.equal(client.state, 'live');
    await peer.takes('unsubscribe');
  });

  test('goes on after the end of a run when no run was asked for', async (t) => {
    const { peer, iterator, subscription } = await subscribed(t);
    peer.send(event(1, FINAL), event(1, { run: 'next' }));
    await iterator.next();
    assert.equal((await iterator.next()).value.run, 'next');
    assert.notEqual(subscription.state, 'ended');
  });

  test('ends after the last event also when the server has ended the subscription by itself', async (t) => {
    const { peer, subscription, told } = await subscribed(t, { run: 'r' });
    peer.send(event(1, FINAL), { op: 'unsubscribed', thread: 't' }, { op: 'draining' });
    await until(() => told.draining.length === 1);
    const got = [];
    for await (const item of subscription) got.push(item);
    assert.deepEqual(cursors(got), ['r.1.1']);
    assert.deepEqual(told.error, []);
  });

  test('does not ask for a run again that is only waiting to be taken', async (t) => {
    const { peer, subscription, server, client, told, redial } = await subscribed(t, { run: 'r' });
    peer.send(event(1, FINAL), { op: 'draining' });
    await until(() => told.draining.length === 1);
    peer.kill();
    await redial();
    const next = await server.connected();
    await until(() => client.state === 'replaying');
    client.thread('u');
    assert.equal((await next.takes('subscribe')).thread, 'u');
    const got = [];
    for await (const item of subscription) got.push(item);
    assert.deepEqual(cursors(got), ['r.1.1']);
  });

  test('hands over what came before an error, throws the error once, and is done', async (t) => {
    const { peer, iterator } = await subscribed(t);
    peer.send(event(1), event(2));
    peer.close(4504, 'replaced');
    assert.equal((await iterator.next()).value.cursor, 'r.1.1');
    assert.equal((await iterator.next()).value.cursor, 'r.1.2');
    await assert.rejects(iterator.next(), { code: 'REPLACED', closeCode: 4504 });
    assert.deepEqual(await iterator.next(), { value: undefined, done: true });
  });

  test('answers several that wait in the order in which they asked', async (t) => {
    const { peer, iterator } = await subscribed(t);
    const asked = [iterator.next(), iterator.next(), iterator.next()];
    peer.send(event(1), event(2));
    const [first, second] = await Promise.all(asked.slice(0, 2));
    assert.deepEqual(cursors([first.value, second.value]), ['r.1.1', 'r.1.2']);
    await iterator.return();
    assert.equal((await asked[2]).done, true);
  });
});

describe('the position to store', () => {
  test('is that of what was taken, not of what was received', async (t) => {
    const { peer, subscription, iterator, told } = await subscribed(t);
    peer.send(...events(1, 3), LIVE, { op: 'draining' });
    await until(() => told.draining.length === 1);
    assert.equal(subscription.state, 'live');
    assert.deepEqual([subscription.cursor, subscription.runs], ['start', {}]);
    await iterator.next();
    assert.deepEqual([subscription.cursor, subscription.runs], ['r.1.1', { r: [1, 1] }]);
    await iterator.next();
    await iterator.next();
    assert.deepEqual([subscription.cursor, subscription.runs], ['live', { r: [1, 3] }]);
  });

  test('moves on while the last event is still in a callback', async (t) => {
    const onEvent = () => new Promise(() => {});
    const { peer, subscription, told } = await subscribed(t, { onEvent });
    peer.send(event(1), LIVE, { op: 'draining' });
    await until(() => told.draining.length === 1);
    assert.deepEqual([subscription.cursor, subscription.runs], ['live', { r: [1, 1] }]);
  });

  test('passes by what was skipped', async (t) => {
    const { peer, subscription, iterator, told } = await subscribed(t);
    peer.send(event(1, FINAL), event(2, { cursor: 'late' }), { op: 'draining' });
    await until(() => told.draining.length === 1);
    await iterator.next();
    assert.equal(subscription.cursor, 'late');
  });
});

describe('onEvent', () => {
  test('takes the events one after the other, each when the one before is through', async (t) => {
    const log = [];
    const release = [];
    const onEvent = ({ cursor }) => {
      log.push(`in ${cursor}`);
      return new Promise((resolve) => release.push(resolve)).then(() => log.push(`out ${cursor}`));
    };
    const onLive = () => log.push('live');
    const { peer, told } = await subscribed(t, { onEvent, onLive, onGap: ({ reason }) => log.push(reason) });
    peer.send(event(1), { op: 'gap', thread: 't', reason: 'EXPIRED' }, event(2), LIVE, { op: 'draining' });
    await until(() => told.draining.length === 1);
    assert.deepEqual(log, ['in r.1.1']);
    release.shift()();
    await until(() => release.length === 1);
    release.shift()();
    await until(() => log.includes('live'));
    assert.deepEqual(log, ['in r.1.1', 'out r.1.1', 'EXPIRED', 'in r.1.2', 'out r.1.2', 'live']);
  });

  test('ends after the last event of the run that was asked for', async (t) => {
    const states = [];
    const { peer, subscription } = await subscribed(t, { run: 'r', onEvent() {}, onState: (state) => states.push(state) });
    peer.send(event(1), event(2, FINAL));
    await peer.takes('unsubscribe');
    assert.equal(subscription.state, 'ended');
    assert.deepEqual(states, ['replaying', 'ended']);
  });

  test('may close its own subscription', async (t) => {
    const seen = [];
    const { peer, subscription } = await subscribed(t, {
      onEvent: ({ cursor }) => {
        seen.push(cursor);
        subscription.close();
      },
    });
    peer.send(event(1), event(2), event(3));
    await peer.takes('unsubscribe');
    assert.deepEqual(seen, ['r.1.1']);
  });

  test('cannot be had together with for await', async (t) => {
    const { iterator } = await subscribed(t, { onEvent() {} });
    await assert.rejects(iterator.next(), { name: 'TypeError' });
  });

  test('that throws reaches the platform, and the subscription goes on', async (t) => {
    const uncaught = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error.message));
    t.after(() => {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    });
    const seen = [];
    const onEvent = ({ cursor, seq }) => {
      seen.push(cursor);
      if (seq === 1) throw new Error('thrown');
      if (seq === 2) return Promise.reject(new Error('rejected'));
      return undefined;
    };
    const { peer } = await subscribed(t, { onEvent });
    peer.send(event(1), event(2), event(3));
    await until(() => seen.length === 3 && uncaught.length === 2);
    assert.deepEqual(uncaught, ['thrown', 'rejected']);
  });
});

describe('a callback that closes', () => {
  test('another subscription in the midst of a loss ends it for good', async (t) => {
    const { client, server, clock, told, redial } = await scene(t);
    const log = [];
    client.thread('t', { onState: (state) => state === 'reconnecting' && other.close() });
    const other = client.thread('u', { onState: (state) => log.push(state) });
    const peer = await server.connected();
    await peer.subscribes();
    await peer.subscribes();
    await until(() => log.length === 1);
    peer.kill();
    await redial();
    assert.deepEqual(log, ['replaying', 'ended']);
    assert.equal(other.state, 'ended');
    const next = await server.connected();
    assert.equal((await next.takes('subscribe')).thread, 't');
    assert.deepEqual(told.error, []);
    client.close();
    assert.equal(clock.pending, 0);
  });

  test('its own subscription because of a hole leaves no timer', async (t) => {
    const onState = (state) => state === 'reconnecting' && subscription.close();
    const { peer, subscription, clock } = await subscribed(t, { onState });
    peer.send(event(1), event(3));
    await until(() => subscription.state === 'ended');
    assert.equal(clock.pending, 1); // the heartbeat
  });

  test('its own subscription when it goes live hears nothing more', async (t) => {
    const onState = (state) => state === 'live' && subscription.close();
    const { peer, subscription } = await subscribed(t, { onState, onLive: () => assert.fail('onLive') });
    peer.send(LIVE);
    await until(() => subscription.state === 'ended');
  });
});

describe('a consumer that is far behind', () => {
  test('makes the client unsubscribe, and subscribe again from what came last when half is taken', async (t) => {
    const { peer, subscription, iterator } = await subscribed(t, { maxBuffered: 10 });
    peer.send(...events(1, 15)); // five of them are under way when the client has had enough
    const { id } = await peer.takes('unsubscribe');
    peer.send({ op: 'unsubscribed', id, thread: 't' });
    assert.equal(subscription.state, 'replaying');
    const got = [];
    for (let i = 0; i < 4; i++) got.push((await iterator.next()).value);
    assert.equal(subscription.cursor, 'r.1.4');
    got.push((await iterator.next()).value);
    const again = await peer.subscribes();
    assert.deepEqual([again.after, again.runs], ['r.1.10', { r: [1, 10] }]);
    peer.send(...events(11, 15));
    while (got.length < 15) got.push((await iterator.next()).value);
    assert.deepEqual(cursors(got), cursors(events(1, 15)));
  });

  test('does not hear what the server says about the subscription that it has left', async (t) => {
    const { peer, iterator, told, clock, client } = await subscribed(t, { maxBuffered: 2 });
    peer.send(...events(1, 2));
    const { id } = await peer.takes('unsubscribe');
    peer.send({ op: 'error', id: id - 1, code: 'LOG_UNAVAILABLE', message: 'no leader' }, { op: 'draining' });
    await until(() => told.draining.length === 1);
    await iterator.next();
    await peer.subscribes();
    clock.advance(10_000);
    client.thread('u');
    assert.equal((await peer.takes('subscribe')).thread, 'u'); // and not t once more
  });

  test('is not subscribed again by a reconnect', async (t) => {
    const { peer, client, server, iterator, redial, subscription } = await subscribed(t, { maxBuffered: 4 });
    peer.send(...events(1, 4));
    await peer.takes('unsubscribe');
    peer.kill();
    await redial();
    const next = await server.connected();
    await until(() => subscription.state === 'replaying');
    client.thread('u');
    assert.equal((await next.subscribes()).thread, 'u');
    await iterator.next();
    await iterator.next();
    assert.equal((await next.takes('subscribe')).after, 'r.1.4');
  });

  test('is not resumed without a connection', async (t) => {
    const { peer, server, iterator, redial } = await subscribed(t, { maxBuffered: 2 });
    peer.send(...events(1, 2));
    await peer.takes('unsubscribe');
    peer.kill();
    await iterator.next();
    await redial();
    assert.equal((await (await server.connected()).takes('subscribe')).after, 'r.1.2');
  });

  test('is bounded by size, too', async (t) => {
    const { peer, iterator } = await subscribed(t);
    const large = { ...event(1), event: { type: 'CUSTOM', value: 'x'.repeat(1024 * 1024) } };
    for (let seq = 1; seq <= 40; seq++) peer.send({ ...large, seq, cursor: `c${seq}` });
    await peer.takes('unsubscribe');
    let taken = 0;
    while (taken < 17) taken = (await iterator.next()).value.seq;
    assert.equal((await peer.takes('subscribe')).after, 'c32');
  });

  test('in a callback, is given time as well', async (t) => {
    const release = [];
    const seen = [];
    const onEvent = ({ cursor }) => {
      seen.push(cursor);
      return new Promise((resolve) => release.push(resolve));
    };
    const { peer } = await subscribed(t, { maxBuffered: 2, onEvent });
    peer.send(...events(1, 9));
    await peer.takes('unsubscribe');
    release.shift()();
    await until(() => release.length === 1);
    release.shift()();
    assert.equal((await peer.subscribes()).after, 'r.1.3');
    assert.deepEqual(seen, ['r.1.1', 'r.1.2', 'r.1.3']);
  });
});
