import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { WebSocketServer } from 'ws';

const FOLLOW = fileURLToPath(new URL('../follow.js', import.meta.url));

/** What JSON.parse and JSON.stringify would not give back: white space, 1.0, a double key, an escaped letter. */
const STARTED = '{"type":"RUN_STARTED", "threadId":"t","runId":"r"}';
const ODD = '{"type":"CUSTOM","name":"a","name":"\\u00fc","value":[1.0,1e2,"👩‍🚀\\r\\n",",\\"event\\":"]}';
const FINISHED = '{"type":"RUN_FINISHED","threadId":"t","runId":"r"}';

/** An edge that serves one subscription from a fixed list of frames. */
let edge;
let frames;

before(async () => {
  edge = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  edge.on('connection', (socket, { headers }) => {
    socket.on('message', (data) => answer(socket, JSON.parse(data)));
    if (headers['sec-websocket-protocol'].endsWith('bearer.the-token')) {
      socket.send('{"op":"welcome","connection":"c","heartbeatMs":20000,"limits":{}}');
    }
  });
  await once(edge, 'listening');
});

after(() => edge.close());

function answer(socket, { op, id, thread }) {
  if (op === 'subscribe') {
    socket.send(JSON.stringify({ op: 'subscribed', id, thread, cursor: 'c0', recovered: true }));
    for (const frame of frames) socket.send(frame);
  } else if (op === 'unsubscribe') {
    socket.send(JSON.stringify({ op: 'unsubscribed', id, thread }));
  }
}

function frameOf(seq, event, final = '') {
  return `{"op":"event","thread":"t","run":"r","attempt":1,"seq":${seq},"cursor":"c${seq}","ts":1${final},"event":${event}}`;
}

async function follow(environment) {
  const child = spawn(process.execPath, [FOLLOW], {
    env: { ...process.env, TOKEN: 'the-token', THREAD: 't', RUN: 'r', DEADLINE_MS: '20000', ...environment },
  });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status, stderr, items: stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) };
}

const edges = () => `ws://127.0.0.1:${edge.address().port}`;

test('prints what the SDK hands on, each event with its bytes, and ends with the run', async () => {
  frames = [
    frameOf(1, STARTED),
    frameOf(2, ODD),
    frameOf(2, ODD), // a repetition: the SDK skips it
    frameOf(3, FINISHED, ',"final":true'),
  ];

  const { status, stderr, items } = await follow({ EDGES: edges() });

  assert.equal(status, 0, stderr);
  assert.deepEqual(items.map(({ raw }) => raw), [STARTED, ODD, FINISHED]);
  assert.deepEqual(items.map(({ seq }) => seq), [1, 2, 3]);
  assert.equal(items[1].sha256, createHash('sha256').update(ODD).digest('hex'));
  assert.equal(items[1].event.name, 'ü');
  assert.equal(items[2].final, true);
  assert.match(stderr, /^state /m);
});

test('prints a gap notice as it came', async () => {
  const gap = { op: 'gap', thread: 't', reason: 'EXPIRED', from: 'c0', to: 'c1' };
  frames = [JSON.stringify(gap), frameOf(7, FINISHED, ',"final":true')];

  const { status, stderr, items } = await follow({ EDGES: edges() });

  assert.equal(status, 0, stderr);
  assert.deepEqual(items[0], gap);
  assert.equal(items[1].seq, 7);
});

test('fails when the run has not ended before the deadline', async () => {
  frames = [frameOf(1, STARTED), '{"op":"live","thread":"t","cursor":"c1"}'];

  const { status, stderr, items } = await follow({ EDGES: edges(), DEADLINE_MS: '1500' });

  assert.equal(status, 1);
  assert.equal(items.length, 1);
  assert.match(stderr, /follow: r had not ended before DEADLINE_MS/);
});

test('says which variable is absent', async () => {
  const { status, stderr } = await follow({ EDGES: '' });

  assert.equal(status, 1);
  assert.match(stderr, /follow: EDGES: absent/);
});
