import { WebSocket } from 'ws';
import { connect } from '../src/index.js';
import { ManualClock } from './manual-clock.js';
import { ScriptedServer } from './scripted-server.js';
import { until } from './waiting.js';

/**
 * A server, a clock and a client that end with the test. What the client tells is kept in `told`.
 * `prepare` may set the server up before it is dialled.
 */
export async function scene(t, { servers: count = 1, prepare = () => {}, ...options } = {}) {
  const clock = new ManualClock();
  const servers = await Promise.all(Array.from({ length: count }, () => ScriptedServer.start()));
  servers.forEach(prepare);
  const url = servers.map((server) => server.url);
  const client = connect({ url, getToken: () => 'token', WebSocket, clock, random: () => 0.5, ...options });
  const told = { state: [], status: [], error: [], connected: [], disconnected: [], authorized: [], draining: [] };
  for (const name of Object.keys(told)) client.on(name, (value) => told[name].push(value));
  t.after(async () => {
    client.close();
    await Promise.all(servers.map((server) => server.stop()));
  });

  /** Waits until the client has lost its connection once more, and lets it dial again. */
  let losses = 0;
  const redial = async () => {
    losses++;
    await until(() => told.disconnected.length >= losses, 'the client to notice the loss');
    const lost = told.disconnected[losses - 1];
    clock.advance(lost.retryInMs);
    return lost;
  };
  return { clock, client, told, servers, server: servers[0], redial };
}
