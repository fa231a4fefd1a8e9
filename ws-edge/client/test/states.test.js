import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { event, events } from '../testing/scripted-server.js';
import { scene } from '../testing/scene.js';
import { until } from '../testing/waiting.js';

const LIVE = { op: 'live', thread: 't', cursor: 'live' };

/** What a browser has and Node has not. */
class Browser extends EventTarget {
  navigator = { onLine: true };
  document = Object.assign(new EventTarget(), { visibilityState: 'visible' });

  listeners = 0;

  addEventListener(...to) {
    this.listeners++;
    super.addEventListener(...to);
  }

  removeEventListener(...from) {
    this.listeners--;
    super.removeEventListener(...from);
  }

  goes(name) {
    this.navigator.onLine = name === 'online';
    this.dispatchEvent(new Event(name));
  }

  isSeen() {
    this.document.dispatchEvent(new Event('visibilitychange'));
  }
}

async function followed(t, options) {
  const set = await scene(t, options);
  const subscription = set.client.thread('t', { onEvent: () => {} });
  const peer = await set.server.connected();
  await peer.subscribes();
  await until(() => subscription.state === 'replaying');
  return { ...set, peer, subscription };
}

describe('the status', () => {
  test('of a client that reconnects tells the attempt, the time left, and why', async (t) => {
    const { server, client, clock, told, subscription, peer } = await followed(t);
    server.upgrades = false;
    peer.close(1011, 'oops');
    await until(() => told.disconnected.length === 1);
    const cause = { code: 1011, name: 'SERVER_ERROR', reason: 'oops' };
    assert.deepEqual(client.status, { state: 'reconnecting', transport: 'websocket', attempt: 1, retryInMs: 125, cause });
    assert.deepEqual(subscription.status, { ...client.status, gap: undefined });
    clock.advance(100);
    assert.equal(client.status.retryInMs, 25);
    clock.advance(25);
    assert.equal(client.status.retryInMs, 0);
    await until(() => told.disconnected.length === 2);
    assert.equal(client.status.attempt, 2);
    assert.deepEqual(told.status.slice(-2).map(({ attempt }) => attempt), [1, 2]);
  });

  test('of a first connection counts its attempts, too', async (t) => {
    const { server, client, told } = await scene(t);
    server.upgrades = false;
    assert.deepEqual(client.status, { state: 'connecting', transport: 'websocket', attempt: 1, retryInMs: 0, cause: undefined });
    await until(() => told.disconnected.length === 1);
    assert.deepEqual([client.status.attempt, client.status.cause.name], [2, 'CONNECTION_LOST']);
  });

  test('of a replay tells how many events have come and how far behind they are', async (t) => {
    const { client, peer, clock, subscription } = await followed(t);
    assert.deepEqual([subscription.status.events, subscription.status.behindMs], [0, undefined]);
    const ts = clock.wallTime() - 60_000;
    peer.send(...events(1, 3, { ts }));
    await until(() => subscription.status.events === 3);
    assert.equal(subscription.status.behindMs, 60_000);
    assert.deepEqual(client.status, subscription.status);
    peer.send(LIVE);
    await until(() => subscription.state === 'live');
    assert.deepEqual(subscription.status, { state: 'live', transport: 'websocket', gap: undefined });
  });

  test('keeps the latest gap', async (t) => {
    const { peer, subscription } = await followed(t);
    peer.send({ op: 'gap', thread: 't', reason: 'EXPIRED', from: 'a', to: 'b' }, LIVE);
    await until(() => subscription.state === 'live');
    assert.deepEqual([subscription.status.gap.reason, subscription.status.gap.to], ['EXPIRED', 'b']);
  });

  test('of a subscription that waits for the log tells why', async (t) => {
    const { client, peer, subscription } = await followed(t);
    peer.send({ op: 'error', id: 1, code: 'LOG_UNAVAILABLE', message: 'soon' });
    await until(() => subscription.state === 'reconnecting');
    const { attempt, retryInMs, cause } = client.status;
    assert.deepEqual([attempt, retryInMs, cause], [1, 0, { name: 'LOG_UNAVAILABLE', reason: 'soon' }]);
  });

  test('is draining from the notice until the close, and says when to come back', async (t) => {
    const { peer, client, told } = await followed(t);
    peer.send(LIVE, { op: 'draining', retryAfterMs: 3_000 });
    await until(() => client.state === 'draining');
    assert.deepEqual(client.status, { state: 'draining', transport: 'websocket', retryAfterMs: 3_000 });
    peer.close(1012);
    await until(() => client.state === 'reconnecting');
    assert.deepEqual([client.status.retryInMs, client.status.cause.name], [1_500, 'DRAINED']);
    assert.deepEqual(told.state, ['replaying', 'live', 'draining', 'reconnecting']);
  });

  test('says that a newer token is asked for when the old one has expired', async (t) => {
    let issued = 0;
    const { server, peer, client, redial } = await followed(t, { getToken: () => `token ${++issued}` });
    peer.close(4005);
    await until(() => client.state === 'reconnecting');
    assert.equal(client.status.cause.name, 'TOKEN_EXPIRED');
    await redial();
    assert.equal(await (await server.dialled()).welcome(), 'token 2');
  });

  test('changes at once when the application asks for a retry', async (t) => {
    const { server, peer, client, told } = await followed(t);
    peer.close(4013);
    await until(() => told.disconnected.length === 1);
    client.retry();
    assert.equal(client.status.retryInMs, 0);
    client.retry();
    await (await server.connected()).takes('subscribe');
    await until(() => client.state === 'reconnecting' && told.connected.length === 2);
  });

  test('of an evicted client tells the error, and there is no way back', async (t) => {
    const { peer, client, clock, subscription } = await followed(t);
    peer.close(4504, 'replaced by a newer connection');
    await until(() => client.state === 'evicted');
    assert.equal(client.status.error.code, 'REPLACED');
    assert.equal(subscription.status.error.code, 'REPLACED');
    assert.equal(clock.pending, 0);
  });
});

describe('in a browser', () => {
  test('a client without a network is offline, and dials at once when it is back', async (t) => {
    const environment = new Browser();
    const { server, peer, client, told, subscription } = await followed(t, { environment });
    environment.goes('offline');
    assert.equal(client.state, 'replaying', 'what is up is believed');
    peer.kill();
    await until(() => client.state === 'offline');
    assert.equal(subscription.state, 'offline');
    assert.ok(client.status.retryInMs > 0, 'an edge on this machine can be reached nevertheless');
    environment.goes('online');
    assert.equal(client.status.retryInMs, 0);
    await (await server.connected()).subscribes();
    await until(() => client.state === 'replaying');
    assert.deepEqual(told.state, ['replaying', 'offline', 'reconnecting', 'replaying']);
  });

  test('looking at the page again makes a waiting client dial at once', async (t) => {
    const environment = new Browser();
    const { server, peer, told } = await followed(t, { environment });
    peer.kill();
    await until(() => told.disconnected.length === 1);
    environment.isSeen();
    await server.connected();
  });

  test('it does not hurry where the edge has asked for time', async (t) => {
    const environment = new Browser();
    const { peer, client, told } = await followed(t, { environment });
    peer.close(4013);
    await until(() => told.disconnected.length === 1);
    environment.isSeen();
    environment.goes('online');
    assert.equal(client.status.retryInMs, 5_125);
  });

  test('after a sleep a peer that is gone is noticed within 5 s, and one that is there is kept', async (t) => {
    const environment = new Browser();
    const { server, peer, clock, told, redial } = await followed(t, { environment });
    environment.isSeen();
    await peer.takes('ping');
    peer.send({ op: 'pong' }, event(1), { op: 'authorized', exp: 1 });
    await until(() => told.authorized.length === 1);
    clock.advance(5_000);
    assert.equal(told.disconnected.length, 0);
    environment.isSeen();
    clock.advance(4_000);
    environment.isSeen(); // looking twice gives it no more time
    clock.advance(1_000);
    assert.equal((await redial()).reason, 'silent');
    await server.connected();
  });

  test('a closed client listens no more', async (t) => {
    const environment = new Browser();
    const { client, clock } = await followed(t, { environment });
    assert.equal(environment.listeners, 3);
    client.close();
    assert.equal(environment.listeners, 0);
    environment.isSeen();
    environment.goes('online');
    assert.equal(clock.pending, 0);
  });
});
