import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { event, events } from '../testing/scripted-server.js';
import { scene } from '../testing/scene.js';
import { until } from '../testing/waiting.js';

/** A scene in which thread t is followed and what comes is written down. */
async function following(t, options = {}, sceneOptions = {}) {
  const set = await scene(t, sceneOptions);
  const seen = [];
  const states = [];
  const live = [];
  const subscription = set.client.thread('t', {
    onEvent: (item) => seen.push(item.cursor),
    onGap: (gap) => seen.push(`gap ${gap.reason}`),
    onLive: (cursor) => live.push(cursor),
    onState: (state, error) => states.push(error ? `${state} ${error.code}` : state),
    ...options,
  });
  const peer = await set.server.connected();
  return { ...set, peer, subscription, seen, states, live, sees: (n) => until(() => seen.length >= n, `${n} items`) };
}

const LIVE = { op: 'live', thread: 't', cursor: 'live' };

describe('the first subscribe', () => {
  test('says where to start, and nothing that is not needed', async (t) => {
    const { peer } = await following(t);
    assert.deepEqual(await peer.takes('subscribe'), { op: 'subscribe', id: 1, thread: 't', from: 'latest' });
  });

  test('carries what the application asked for', async (t) => {
    const { peer } = await following(t, { run: 'r', from: 'open', ack: true });
    const { run, from, ack } = await peer.takes('subscribe');
    assert.deepEqual({ run, from, ack }, { run: 'r', from: 'open', ack: true });
  });

  test('resumes from what the application stored', async (t) => {
    const { peer, subscription, seen, sees } = await following(t, { after: 'c', runs: { r: [2, 57] } });
    const { after, runs, from } = await peer.subscribes('elsewhere');
    assert.deepEqual({ after, runs, from }, { after: 'c', runs: { r: [2, 57] }, from: undefined });
    assert.equal(subscription.cursor, 'c');
    peer.send(event(57, { attempt: 2 }), event(58, { attempt: 2 }));
    await sees(1);
    assert.deepEqual(seen, ['r.2.58']);
  });

  test('is made at once on a connection that is there already', async (t) => {
    const { client, peer } = await following(t);
    await peer.subscribes();
    client.thread('u');
    assert.equal((await peer.takes('subscribe')).thread, 'u');
  });
});

describe('states', () => {
  test('go from connecting by replaying to live, for the subscription and for the client', async (t) => {
    const { peer, states, told, live, subscription } = await following(t);
    assert.equal(subscription.state, 'connecting');
    await peer.subscribes();
    peer.send(event(1), LIVE);
    await until(() => live.length === 1);
    assert.deepEqual(states, ['replaying', 'live']);
    assert.deepEqual(told.state, ['replaying', 'live']);
  });

  test('of the client follow the subscription that is worst off', async (t) => {
    const { peer, client, live } = await following(t);
    await peer.subscribes();
    peer.send(LIVE);
    await until(() => live.length === 1);
    const other = client.thread('u');
    assert.equal(client.state, 'connecting');
    await peer.subscribes();
    await until(() => client.state === 'replaying');
    other.close();
    assert.equal(client.state, 'live');
  });

  test('show a loss until the log has been caught up with again', async (t) => {
    const { peer, server, states, live, redial } = await following(t);
    await peer.subscribes();
    peer.send(LIVE);
    await until(() => live.length === 1);
    peer.kill();
    await redial();
    const next = await server.connected();
    await next.subscribes();
    next.send(LIVE);
    await until(() => live.length === 2);
    assert.deepEqual(states, ['replaying', 'live', 'reconnecting', 'replaying', 'live']);
  });
});

describe('after a loss', () => {
  test('every thread is resumed by its cursor and what it has of its runs', async (t) => {
    const { client, peer, server, seen, sees, redial } = await following(t);
    client.thread('u', { from: 'earliest', onEvent: ({ cursor }) => seen.push(cursor) });
    await peer.subscribes();
    await peer.subscribes();
    peer.send(...events(1, 3), event(9, { run: 'joined' }), event(1, { thread: 'u', run: 'x' }));
    await sees(5);
    peer.kill();
    await redial();
    const next = await server.connected();
    const t2 = await next.subscribes();
    const u2 = await next.subscribes();
    assert.deepEqual([t2.thread, t2.after, t2.runs], ['t', 'joined.1.9', { r: [1, 3], joined: [1, 9] }]);
    assert.deepEqual([u2.thread, u2.after, u2.runs, u2.from], ['u', 'x.1.1', { x: [1, 1] }, undefined]);
    next.send(event(3), event(4), event(1, { thread: 'u', run: 'x' }), event(2, { thread: 'u', run: 'x' }));
    await sees(7);
    assert.deepEqual(seen, ['r.1.1', 'r.1.2', 'r.1.3', 'joined.1.9', 'x.1.1', 'r.1.4', 'x.1.2']);
  });

  test('a connection dropped on request is a loss like any other', async (t) => {
    const { client, server, peer, redial, sees } = await following(t);
    await peer.subscribes();
    peer.send(event(1));
    await sees(1);
    client.dropConnection();
    await redial();
    const next = await server.connected();
    assert.deepEqual((await next.takes('subscribe')).runs, { r: [1, 1] });
  });

  test('the cursor of a live notice counts as much as that of an event', async (t) => {
    const { peer, server, subscription, live, redial } = await following(t);
    await peer.subscribes();
    peer.send(event(1), LIVE, { ...LIVE, cursor: 'live later' });
    await until(() => live.length === 2);
    assert.equal(subscription.cursor, 'live later');
    peer.kill();
    await redial();
    assert.equal((await (await server.connected()).takes('subscribe')).after, 'live later');
  });

  test('a subscription that had nothing yet goes on where its reading started', async (t) => {
    const { peer, server, states, redial } = await following(t);
    await peer.subscribes('the start');
    await until(() => states.includes('replaying'));
    peer.kill();
    await redial();
    const { after, runs, from } = await (await server.connected()).takes('subscribe');
    assert.deepEqual({ after, runs, from }, { after: 'the start', runs: undefined, from: undefined });
  });

  test('a subscription that was not answered is asked for as before', async (t) => {
    const { peer, server, redial } = await following(t, { from: 'earliest' });
    await peer.takes('subscribe');
    peer.kill();
    await redial();
    const { after, from } = await (await server.connected()).takes('subscribe');
    assert.deepEqual({ after, from }, { after: undefined, from: 'earliest' });
  });

  test('of very many runs the 64 that moved last are told', async (t) => {
    const { peer, server, sees, redial } = await following(t);
    await peer.subscribes();
    for (let i = 1; i <= 100; i++) peer.send(event(1, { run: `r${i}` }));
    peer.send(event(2, { run: 'r50' }));
    await sees(101);
    peer.kill();
    await redial();
    const { runs } = await (await server.connected()).takes('subscribe');
    assert.equal(Object.keys(runs).length, 64);
    assert.deepEqual([runs.r36, runs.r37, runs.r50, runs.r100], [undefined, [1, 1], [1, 2], [1, 1]]);
  });

  test('a run that has ended stays ended', async (t) => {
    const { peer, server, seen, sees, redial } = await following(t);
    await peer.subscribes();
    peer.send(event(1), event(2, { type: 'RUN_FINISHED', final: true }));
    await sees(2);
    peer.kill();
    await redial();
    const next = await server.connected();
    await next.subscribes();
    next.send(event(3), event(1, { attempt: 2 }), event(1, { run: 'other' }));
    await sees(3);
    assert.deepEqual(seen, ['r.1.1', 'r.1.2', 'other.1.1']);
  });

  test('events of the subscription before the last do not count', async (t) => {
    const { client, peer } = await following(t);
    await peer.subscribes();
    const taken = [];
    const first = client.thread('u', { onEvent: ({ cursor }) => taken.push(`first ${cursor}`) });
    await peer.subscribes();
    first.close();
    client.thread('u', { onEvent: ({ cursor }) => taken.push(`second ${cursor}`) });
    const { id } = await peer.takes('unsubscribe');
    peer.send(event(1, { thread: 'u' }), { op: 'unsubscribed', id, thread: 'u' });
    await peer.subscribes();
    peer.send(event(2, { thread: 'u' }));
    await until(() => taken.length > 0);
    assert.deepEqual(taken, ['second r.1.2']);
  });
});

describe('a gap', () => {
  const GAP = { op: 'gap', thread: 't', reason: 'EXPIRED', from: 'a', to: 'b' };

  test('is told, and lets seq jump once', async (t) => {
    const { peer, seen, sees } = await following(t);
    await peer.subscribes();
    peer.send(event(1), GAP, event(7), event(7), event(8));
    await sees(4);
    assert.deepEqual(seen, ['r.1.1', 'gap EXPIRED', 'r.1.7', 'r.1.8']);
  });

  test('is told again if the connection is lost before anything followed it', async (t) => {
    const { peer, server, seen, sees, redial } = await following(t, { after: 'old' });
    await peer.subscribes('after the gap', false);
    peer.send(GAP);
    await sees(1);
    peer.kill();
    await redial();
    const next = await server.connected();
    assert.equal((await next.subscribes('after the gap', false)).after, 'old');
    next.send(GAP, event(7));
    await sees(3);
    assert.deepEqual(seen, ['gap EXPIRED', 'gap EXPIRED', 'r.1.7']);
  });

  test('may be told before the subscription is confirmed', async (t) => {
    const { peer, seen, sees } = await following(t, { after: 'old', runs: { r: [1, 3] } });
    const { id } = await peer.takes('subscribe');
    peer.send(GAP, { op: 'subscribed', id, thread: 't', cursor: 'x', recovered: false }, event(9));
    await sees(2);
    assert.deepEqual(seen, ['gap EXPIRED', 'r.1.9']);
  });
});

describe('a hole', () => {
  test('is not handed on, and is filled by subscribing again from the last cursor', async (t) => {
    const { peer, clock, seen, states, sees, told } = await following(t);
    await peer.subscribes();
    peer.send(event(1), event(3), event(4));
    await peer.takes('unsubscribe');
    await until(() => states.includes('reconnecting'));
    clock.advance(125);
    const again = await peer.subscribes();
    assert.deepEqual([again.after, again.runs], ['r.1.1', { r: [1, 1] }]);
    peer.send(event(2), event(3), event(4));
    await sees(4);
    assert.deepEqual(seen, ['r.1.1', 'r.1.2', 'r.1.3', 'r.1.4']);
    assert.deepEqual(told.error, []);
  });

  for (const ack of [false, true]) {
    test(`that is there after three more attempts is told as a gap${ack ? ', with acks, too' : ''}`, async (t) => {
      const { server, clock, told, client } = await scene(t);
      const subscription = client.thread('t', { ack });
      const peer = await server.connected();
      await peer.subscribes();
      peer.send(event(1), event(3));
      for (let i = 0; i < 3; i++) {
        await peer.takes('unsubscribe');
        clock.advance(1_000);
        const { after } = await peer.subscribes();
        if (after === 'start') peer.send(event(1)); // with acks reading goes on after what was taken
        peer.send(event(3));
      }
      const items = [];
      for await (const item of subscription) {
        items.push(item);
        if (items.length === 3) break;
      }
      assert.deepEqual(items.map(({ op, cursor }) => cursor ?? op), ['r.1.1', 'gap', 'r.1.3']);
      assert.deepEqual(items[1], { op: 'gap', thread: 't', reason: 'HOLE', from: 'r.1.1', to: 'r.1.3' });
      assert.deepEqual(told.error.map(({ code, thread }) => [code, thread]), [['HOLE', 't']]);
    });
  }

  test('does not count against the next one', async (t) => {
    const { peer, clock, seen, sees, states } = await following(t);
    await peer.subscribes();
    peer.send(event(1));
    for (let seq = 3; seq < 20; seq += 2) {
      peer.send(event(seq));
      await peer.takes('unsubscribe');
      clock.advance(250);
      await peer.subscribes();
      peer.send(event(seq - 1), event(seq));
    }
    await sees(19);
    assert.ok(!seen.includes('gap HOLE'));
    assert.equal(states.filter((state) => state === 'reconnecting').length, 9);
  });
});

describe('the server says no', () => {
  for (const code of ['FORBIDDEN', 'CURSOR_MALFORMED', 'CURSOR_FOREIGN_THREAD', 'ALREADY_SUBSCRIBED', 'SOMETHING_NEW']) {
    test(`${code} ends this subscription and no other`, async (t) => {
      const { peer, client, told, states } = await following(t);
      const other = client.thread('u');
      const { id } = await peer.takes('subscribe');
      await peer.subscribes();
      peer.send({ op: 'error', id, code, message: 'because' });
      await until(() => states.length > 0);
      assert.deepEqual(states, [`${code === 'FORBIDDEN' ? 'forbidden' : 'ended'} ${code}`]);
      assert.deepEqual(told.error.map((error) => [error.code, error.message, error.thread]), [[code, 'because', 't']]);
      await until(() => other.state === 'replaying');
      client.thread('t');
      await peer.takes('subscribe');
    });
  }

  test('what is not available now is waited for: the edge keeps the subscription, and goes on trying', async (t) => {
    const { peer, clock, client, told, live, states, subscription } = await following(t);
    const { id } = await peer.takes('subscribe');
    peer.send({ op: 'error', id, code: 'LEDGER_UNAVAILABLE', message: 'not now' });
    await until(() => told.error.length === 1);
    const { retryInMs, cause } = subscription.status;
    assert.deepEqual([retryInMs, cause], [0, { name: 'LEDGER_UNAVAILABLE', reason: 'not now' }]);
    clock.advance(10_000);
    peer.send({ op: 'error', id, code: 'LOG_UNAVAILABLE', message: 'nor is that' });
    await until(() => told.error.length === 2);
    client.thread('u');
    assert.equal((await peer.takes('subscribe')).thread, 'u'); // and not t once more
    peer.send({ op: 'subscribed', id, thread: 't', cursor: 'start' }, LIVE);
    await until(() => live.length === 1);
    assert.deepEqual(states, ['replaying', 'live']);
  });

  test('a log that is away for a thread that was served is told, and waited for', async (t) => {
    const { client, peer, told, sees, seen, states, subscription } = await following(t);
    await peer.subscribes();
    peer.send(event(1), LIVE);
    await until(() => client.state === 'live');
    peer.send({ op: 'error', thread: 't', code: 'LOG_UNAVAILABLE', message: 'the edge goes on trying' });
    await until(() => client.state === 'reconnecting');
    const cause = { name: 'LOG_UNAVAILABLE', reason: 'the edge goes on trying' };
    assert.deepEqual(subscription.status.cause, cause);
    assert.deepEqual([client.status.cause, client.status.retryInMs], [cause, 0]);
    assert.deepEqual(told.error.map(({ code, thread }) => [code, thread]), [['LOG_UNAVAILABLE', 't']]);
    peer.send(event(2));
    await sees(2);
    assert.equal(client.state, 'replaying');
    peer.send(LIVE);
    await until(() => client.state === 'live');
    peer.send({ op: 'error', thread: 't', code: 'LOG_UNAVAILABLE', message: 'again' }, LIVE);
    await until(() => states.length === 7);
    assert.deepEqual(states.slice(2), ['reconnecting', 'replaying', 'live', 'reconnecting', 'live']);
    assert.deepEqual(seen.filter((each) => each.startsWith('r.')), ['r.1.1', 'r.1.2']);
  });

  test('LOG_UNAVAILABLE is not waited out on a new connection', async (t) => {
    const { peer, server, told, redial, states } = await following(t);
    const { id } = await peer.takes('subscribe');
    peer.send({ op: 'error', id, code: 'LOG_UNAVAILABLE', message: 'no leader' });
    await until(() => told.error.length === 1);
    peer.kill();
    await redial();
    await (await server.connected()).subscribes();
    await until(() => states.includes('replaying'));
  });

  test('an answer to what was given up already is not told', async (t) => {
    const { client, peer, told } = await following(t);
    await peer.subscribes();
    const other = client.thread('u');
    await peer.subscribes();
    other.close();
    const unsubscribe = await peer.takes('unsubscribe');
    peer.send({ op: 'error', id: unsubscribe.id, code: 'BAD_REQUEST', message: 'what?' }, { op: 'draining' });
    await until(() => told.draining.length === 1);
    assert.deepEqual(told.error, []);
  });

  test('a subscription taken away unasked ends as forbidden', async (t) => {
    const { peer, states } = await following(t);
    await peer.subscribes();
    peer.send({ op: 'error', code: 'FORBIDDEN', thread: 't', message: 'no more' }, { op: 'unsubscribed', thread: 't' });
    await until(() => states.length === 2);
    assert.deepEqual(states, ['replaying', 'forbidden FORBIDDEN']);
  });

  test('an error about nothing in particular is told', async (t) => {
    const { peer, told, subscription } = await following(t);
    await peer.subscribes();
    peer.send({ op: 'error', code: 'BAD_REQUEST', message: 'what?' });
    await until(() => told.error.length === 1);
    assert.equal(told.error[0].code, 'BAD_REQUEST');
    assert.notEqual(subscription.state, 'ended');
  });

  test('a thread is followed once at a time', async (t) => {
    const { client } = await following(t);
    assert.throws(() => client.thread('t'), { code: 'ALREADY_SUBSCRIBED', thread: 't' });
  });
});
