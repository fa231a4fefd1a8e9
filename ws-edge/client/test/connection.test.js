import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect } from '../src/index.js';
import { HEARTBEAT_MS, ScriptedServer } from '../testing/scripted-server.js';
import { scene } from '../testing/scene.js';
import { until } from '../testing/waiting.js';

describe('dialling', () => {
  test('shows the token beside the subprotocol, and never in the url', async (t) => {
    const { server, told } = await scene(t, { getToken: async () => 'se-cr.et' });
    const peer = await server.dialled();
    assert.equal(peer.protocol, 'runwire.v1');
    assert.equal(peer.request.url, '/v1/ws');
    assert.equal(peer.offeredToken, 'se-cr.et');
    assert.equal(await peer.welcome(), 'se-cr.et');
    await until(() => told.connected.length === 1);
    assert.equal(told.connected[0].connection, 'c1');
    assert.deepEqual(told.state, ['live']);
  });

  for (const [what, token] of [['is too long for a header', 'x'.repeat(2_001)], ['does not fit its charset', 'a b']]) {
    test(`sends a token that ${what} in the first frame`, async (t) => {
      const { server } = await scene(t, { getToken: () => token });
      const peer = await server.dialled();
      assert.equal(peer.offeredToken, undefined);
      assert.deepEqual(await peer.takes('auth'), { op: 'auth', token });
    });
  }

  test('asks for a token before each connection', async (t) => {
    let issued = 0;
    const { server, redial } = await scene(t, { getToken: () => `token-${++issued}` });
    const first = await server.dialled();
    assert.equal(await first.welcome(), 'token-1');
    first.close(1012);
    await redial();
    assert.equal(await (await server.dialled()).welcome(), 'token-2');
  });

  test('goes to the next url after each loss, and round', async (t) => {
    const { servers, redial } = await scene(t, { servers: 3 });
    for (const server of [...servers, servers[0]]) {
      (await server.connected()).kill();
      await redial();
    }
  });

  test('goes on to the next url when one cannot be reached', async (t) => {
    const gone = await ScriptedServer.start();
    const { url: deadUrl } = gone;
    await gone.stop();
    const alive = await ScriptedServer.start();
    t.after(() => alive.stop());
    const { redial, client } = await scene(t, { url: [deadUrl, alive.url] });
    assert.equal((await redial()).code, 1006);
    assert.equal(client.state, 'connecting');
    await alive.connected();
    await until(() => client.state === 'live');
  });

  test('gives up a connection that brings no welcome within 10 s', async (t) => {
    const { server, clock, redial } = await scene(t, { transport: 'websocket' });
    await server.dialled();
    clock.advance(10_000);
    assert.equal((await redial()).reason, 'no welcome in time');
    await server.connected();
  });

  test('waits as the backoff says, and starts afresh only after a connection that lasted', async (t) => {
    const { server, clock, told, redial } = await scene(t, { random: () => 1 });
    for (let i = 0; i < 4; i++) {
      (await server.connected()).kill();
      await redial();
    }
    const lasting = await server.connected();
    await until(() => told.connected.length === 5);
    clock.advance(10_000);
    lasting.kill();
    await redial();
    assert.deepEqual(told.disconnected.map(({ retryInMs }) => retryInMs), [250, 500, 1000, 2000, 250]);
  });

  test('tries again when there is no token to be had, and tells why', async (t) => {
    let asked = 0;
    const answers = [() => Promise.reject(new Error('offline')), () => undefined, () => 'token'];
    const { server, told, redial } = await scene(t, { getToken: () => answers[asked++]() });
    await redial();
    await redial();
    await server.connected();
    assert.deepEqual(told.error.map(({ code, message }) => [code, message]), [
      ['TOKEN_UNAVAILABLE', 'getToken failed'],
      ['TOKEN_UNAVAILABLE', 'getToken gave undefined (expected: a JWT)'],
    ]);
    assert.equal(told.error[0].cause.message, 'offline');
  });

  test('does not wait longer than 10 s for a token', async (t) => {
    let asked = 0;
    const { server, clock, told, redial } = await scene(t, { getToken: () => (asked++ ? 'token' : new Promise(() => {})) });
    await until(() => asked === 1);
    clock.advance(10_000);
    await redial();
    assert.equal(told.error[0].code, 'TOKEN_UNAVAILABLE');
    await server.connected();
  });

  for (const nonsense of ['{', '[]', 'null', '{"op":7}', '{"op":"event","thread":"t"}']) {
    test(`a frame ${nonsense} ends the connection and not the client`, async (t) => {
      const { server, redial } = await scene(t);
      (await server.connected()).send(nonsense);
      assert.equal((await redial()).reason, 'not a frame');
      await server.connected();
    });
  }

  test('an op of a later server does no harm', async (t) => {
    const { server, client, told } = await scene(t);
    const peer = await server.connected();
    peer.send({ op: 'confetti', thread: 't' }, { op: 'authorized', exp: 1 });
    await until(() => told.authorized.length === 1);
    assert.equal(client.state, 'live');
  });
});

describe('close codes', () => {
  for (const code of [1000, 1001, 1011, 1012, 1013, 4001, 4005, 4008, 4012, 4013, 4321]) {
    test(`${code} is followed by a reconnect`, async (t) => {
      const { server, told, client, redial } = await scene(t);
      (await server.connected()).close(code);
      assert.equal((await redial()).code, code);
      await server.connected();
      await until(() => told.connected.length === 2);
      assert.deepEqual(told.state, ['live', 'reconnecting', 'live']);
      assert.equal(client.state, 'live');
    });
  }

  for (const [code, state, name] of [
    [1002, 'ended', 'PROTOCOL_ERROR'],
    [1003, 'ended', 'UNSUPPORTED_DATA'],
    [1007, 'ended', 'INVALID_UTF8'],
    [1008, 'ended', 'POLICY_VIOLATION'],
    [1009, 'ended', 'TOO_LARGE'],
    [4500, 'expired', 'TOKEN_INVALID'],
    [4501, 'ended', 'BAD_REQUEST'],
    [4504, 'evicted', 'REPLACED'],
    [4507, 'forbidden', 'FORBIDDEN'],
    [4999, 'ended', 'CLOSED_4999'],
  ]) {
    test(`${code} is the end: ${state}, ${name}`, async (t) => {
      const { server, told, client, clock } = await scene(t);
      const subscription = client.thread('t');
      const peer = await server.connected();
      await peer.subscribes();
      peer.close(code, 'why');
      await assert.rejects(subscription[Symbol.asyncIterator]().next(), { name: 'RunwireError', code: name, closeCode: code });
      assert.equal(client.state, state);
      assert.equal(subscription.state, state);
      assert.deepEqual(told.error.map((error) => error.code), [name]);
      assert.equal(clock.pending, 0);
      assert.throws(() => client.thread('t'), { code: 'CLOSED' });
    });
  }

  for (const [code, state, name] of [[4005, 'expired', 'TOKEN_EXPIRED'], [4502, 'ended', 'AUTH_TIMEOUT']]) {
    test(`${code} three times in a row without a welcome is the end: ${state}`, async (t) => {
      const { server, told, client, redial } = await scene(t);
      (await server.connected()).close(code);
      await redial();
      for (let i = 0; i < 3; i++) {
        (await server.dialled()).close(code);
        if (i < 2) await redial();
      }
      await until(() => client.state === state);
      assert.deepEqual(told.error.map((error) => [error.code, error.closeCode]), [[name, code]]);
    });
  }

  for (const code of [1013, 4013]) {
    test(`${code} makes the client wait longer`, async (t) => {
      const { server, redial } = await scene(t);
      (await server.connected()).close(code);
      assert.equal((await redial()).retryInMs, 5_000 + 125);
    });
  }

  test('a drained client comes back at a random moment within retryAfterMs', async (t) => {
    const { server, told, redial } = await scene(t);
    const peer = await server.connected();
    peer.send({ op: 'draining', retryAfterMs: 4_000 });
    peer.close(1012);
    assert.equal((await redial()).retryInMs, 2_000);
    assert.deepEqual(told.draining, [{ retryAfterMs: 4_000 }]);
    (await server.connected()).kill();
    assert.equal((await redial()).retryInMs, 250);
  });

  for (const [retryAfterMs, expected] of [[0, 125], [-5, 125], ['soon', 125], [1e12, 30_000]]) {
    test(`retryAfterMs ${retryAfterMs} is taken as ${expected} ms`, async (t) => {
      const { server, redial } = await scene(t);
      const peer = await server.connected();
      peer.send({ op: 'draining', retryAfterMs });
      peer.close(1001);
      assert.equal((await redial()).retryInMs, expected);
    });
  }
});

describe('silence', () => {
  test('for one heartbeat is answered by a ping, for two by another connection', async (t) => {
    const { server, clock, client, told, redial } = await scene(t);
    const peer = await server.connected();
    await until(() => told.connected.length === 1);
    clock.advance(HEARTBEAT_MS - 1);
    client.thread('t'); // what it sends is not overtaken, so the ping was not sent before
    clock.advance(1);
    await peer.takes('subscribe');
    await peer.takes('ping');
    clock.advance(HEARTBEAT_MS - 1);
    assert.equal(told.disconnected.length, 0);
    clock.advance(1);
    assert.equal((await redial()).reason, 'silent');
    await server.connected();
  });

  test('ends with any frame', async (t) => {
    const { server, clock, told } = await scene(t);
    const peer = await server.connected();
    await until(() => told.connected.length === 1);
    for (let i = 0; i < 5; i++) {
      clock.advance(HEARTBEAT_MS);
      await peer.takes('ping');
      peer.send({ op: 'pong' }, { op: 'authorized', exp: 1 });
      await until(() => told.authorized.length === i + 1);
      clock.advance(1); // so that the next silence is counted from the pong
    }
    assert.equal(told.disconnected.length, 0);
  });

  test('counts from the last frame, not from the last look', async (t) => {
    const { server, clock, client, told } = await scene(t);
    const peer = await server.connected();
    await until(() => told.connected.length === 1);
    clock.advance(HEARTBEAT_MS - 5_000);
    peer.send({ op: 'authorized', exp: 1 });
    await until(() => told.authorized.length === 1);
    clock.advance(HEARTBEAT_MS - 1);
    client.thread('t');
    clock.advance(1);
    await peer.takes('subscribe');
    await peer.takes('ping');
  });
});

describe('the token in use', () => {
  const jwt = (claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

  test('is refreshed in band before it expires, again and again', async (t) => {
    const state = {};
    const getToken = () => jwt({ exp: (state.clock?.wallTime() ?? 1_764_000_000_000) / 1000 + 100 });
    const { server, clock, told } = await scene(t, { getToken });
    state.clock = clock;
    const peer = await server.connected();
    await until(() => told.connected.length === 1);
    for (let i = 1; i <= 3; i++) {
      // in steps, so that the peer can answer the pings in between
      for (let second = 0; second < 80; second += 10) {
        clock.advance(10_000);
        if (second < 70) peer.send({ op: 'draining' });
        await until(() => second >= 70 || told.draining.length === (i - 1) * 7 + second / 10 + 1);
      }
      assert.deepEqual(await peer.takes('auth'), { op: 'auth', token: getToken() });
      peer.send({ op: 'authorized', exp: 1 });
      await until(() => told.authorized.length === i);
    }
    assert.equal(told.disconnected.length, 0);
  });

  test('is asked for again when the refresh fails', async (t) => {
    let asked = 0;
    const token = jwt({ exp: 1_764_000_000 + 10 });
    const answers = [() => token, () => Promise.reject(new Error('offline')), () => 'newer'];
    const { server, clock, told } = await scene(t, { getToken: () => answers[asked++]() });
    const peer = await server.connected();
    await until(() => told.connected.length === 1);
    clock.advance(8_000);
    await until(() => told.error.length === 1);
    clock.advance(5_000);
    assert.equal((await peer.takes('auth')).token, 'newer');
  });

  test('never shows in an error', async (t) => {
    const { server, told, client } = await scene(t, { getToken: () => 'secret' });
    (await server.connected()).close(4500, 'bad token');
    await until(() => client.state === 'expired');
    assert.ok(!`${told.error[0].stack}${JSON.stringify(told.error[0])}`.includes('secret'));
  });
});

describe('the client', () => {
  test('refuses what it cannot use', async (t) => {
    assert.throws(() => connect({ url: 'ws://x' }), /getToken: undefined \(expected: a function that gives a JWT\)/);
    assert.throws(() => connect(), /getToken/);
    const { client } = await scene(t);
    assert.throws(() => client.on('stat', () => {}), /on: stat \(expected: state, status, error/);
    assert.throws(() => client.on('state'), /on state: undefined/);
    for (const [thread, options, message] of [
      ['', {}, /thread:/],
      ['a b', {}, /thread: a b/],
      ['t', { from: 'now' }, /from: now \(expected: earliest, open, latest\)/],
      ['t', { after: 7 }, /after: number/],
      ['t', { runs: { r: [1, 1] } }, /runs: object \(expected: together with after\)/],
      ['t', { run: 'x/y' }, /run: x\/y/],
      ['t', { maxBuffered: 0 }, /maxBuffered/],
      ['t', { onEvent: 'yes' }, /onEvent: yes \(expected: a function\)/],
    ]) {
      assert.throws(() => client.thread(thread, options), { name: 'TypeError', message });
    }
  });

  test('lets a listener go', async (t) => {
    const { server, client } = await scene(t);
    const heard = [];
    const off = client.on('connected', () => heard.push('off'));
    client.on('connected', () => heard.push('on'));
    off();
    await server.connected();
    await until(() => heard.length > 0);
    assert.deepEqual(heard, ['on']);
  });

  test('closes in good order and leaves no timer', async (t) => {
    const { server, client, clock, told } = await scene(t);
    const subscription = client.thread('t');
    const peer = await server.connected();
    await peer.subscribes();
    const pending = subscription[Symbol.asyncIterator]().next();
    client.close();
    assert.deepEqual(await pending, { value: undefined, done: true });
    assert.equal(await peer.closed(), 1000);
    assert.equal(client.state, 'ended');
    assert.equal(subscription.state, 'ended');
    assert.equal(clock.pending, 0);
    assert.deepEqual(told.error, []);
    client.close();
  });

  test('leaves no timer when it is closed while it waits to dial again', async (t) => {
    const { server, client, clock, told } = await scene(t);
    client.thread('t');
    (await server.connected()).kill();
    await until(() => told.disconnected.length === 1);
    assert.equal(clock.pending, 1);
    client.close();
    assert.equal(clock.pending, 0);
  });

  test('has no timer but the one to dial again when its connection is lost', async (t) => {
    const getToken = () => `e30.${Buffer.from('{"exp":1764000100}').toString('base64url')}.s`;
    const { server, clock, told } = await scene(t, { getToken });
    const peer = await server.connected();
    await until(() => told.connected.length === 1);
    assert.equal(clock.pending, 2); // the heartbeat and the refresh of the token
    peer.kill();
    await until(() => told.disconnected.length === 1);
    assert.equal(clock.pending, 1);
  });

  test('leaves no timer when it is closed while it waits for a token', async (t) => {
    let asked = 0;
    const { client, clock } = await scene(t, { getToken: () => new Promise(() => asked++) });
    await until(() => asked === 1);
    assert.equal(clock.pending, 1);
    client.close();
    assert.equal(clock.pending, 0);
  });

  test('leaves no timer when an error listener closes it', async (t) => {
    const { client, clock } = await scene(t, { getToken: () => Promise.reject(new Error('no')) });
    client.on('error', () => client.close());
    await until(() => client.state === 'ended');
    await until(() => clock.pending === 0);
  });
});
