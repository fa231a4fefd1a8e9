import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { event, ScriptedServer } from '../testing/scripted-server.js';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Runs a program with the client's real clock and real WebSocket; resolves with its output once it has exited. */
async function run(program, src = SRC) {
  const imports = `import { connect } from ${JSON.stringify(join(src, 'index.js'))};`;
  const args = ['--input-type=module', '--eval', imports + program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
  assert.equal(stderr, '');
  return stdout;
}

test('a program exits by itself when its client is closed', async (t) => {
  const server = await ScriptedServer.start();
  t.after(() => server.stop());
  const exited = run(`
    const client = connect({ url: '${server.url}', getToken: () => 'token' });
    for await (const item of client.thread('t', { run: 'r', ack: true })) console.log(item.cursor);
    client.close();
    console.log(client.state);
  `);
  const peer = await server.connected();
  await peer.subscribes();
  peer.send(event(1), event(2, { type: 'RUN_FINISHED', final: true }));
  assert.equal(await exited, 'r.1.1\nr.1.2\nended\n');
});

test('a program exits by itself when its client is closed before it is connected', async () => {
  const printed = await run(`
    const client = connect({ url: 'ws://127.0.0.1:1', getToken: () => 'token' });
    client.on('disconnected', () => client.close());
    client.on('state', (state) => console.log(state));
  `);
  assert.equal(printed, 'ended\n');
});

test('without any WebSocket the error says what to do', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'runwire-client-'));
  t.after(() => rm(folder, { recursive: true }));
  await cp(SRC, folder, { recursive: true }); // where no package ws is in reach
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const printed = await run(
    `
    delete globalThis.WebSocket;
    const client = connect({ url: 'ws://127.0.0.1:1', getToken: () => 'token' });
    client.on('error', ({ code, message }) => console.log(code, message, client.state));
  `,
    folder,
  );
  assert.match(printed, /^NO_WEBSOCKET this runtime has no WebSocket: use Node 22 or newer, or `npm install ws`/);
});
