/**
 * Follows one run through the JavaScript SDK until its final terminal event.
 *
 * Reads EDGES (URLs, comma separated), TOKEN, THREAD, RUN, FROM (earliest, open or latest; default earliest) and
 * DEADLINE_MS. Prints a line of JSON for each item that the SDK hands on; an event comes with `raw`, its text as it
 * stood in its frame, and the sha256 of that text's bytes. Logs states and errors to stderr.
 *
 * With HTTP_ONLY (a number) a proxy stands before the edge that refuses WebSockets, until so many items have come.
 * Then each connection is a line, too: {"op":"connected","transport":"sse"}.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { connect } from '../../ws-edge/client/src/index.js';
import { deadlineMs, required } from './environment.js';
import { startProxy } from './proxy.js';
import { rawEventOf, recordingFetch, RecordingWebSocket } from './recording.js';

async function follow() {
  const [edges, token] = [required('EDGES').split(','), required('TOKEN')];
  const [thread, run, from] = [required('THREAD'), required('RUN'), process.env.FROM ?? 'earliest'];
  const timer = setTimeout(() => fail(new Error(`${run} had not ended before DEADLINE_MS`)), deadlineMs());
  const httpOnly = Number(process.env.HTTP_ONLY ?? 0);
  const proxy = httpOnly > 0 ? await startProxy(edges[0]) : undefined;
  const client = connect({
    url: proxy?.url ?? edges,
    getToken: () => token,
    WebSocket: RecordingWebSocket,
    fetch: recordingFetch,
  });
  if (proxy) client.on('connected', ({ transport }) => console.log(JSON.stringify({ op: 'connected', transport })));
  client.on('error', ({ code, message }) => console.error(`error ${code}: ${message}`));
  client.on('state', (state) => console.error(`state ${JSON.stringify(state)}`));
  let last;
  let items = 0;
  for await (const frame of client.thread(thread, { run, from })) {
    console.log(JSON.stringify(itemOf(frame)));
    last = frame;
    if (++items === httpOnly) proxy.letWebSocketsThrough();
  }
  client.close();
  proxy?.stop();
  clearTimeout(timer);
  if (last?.final !== true) throw new Error(`${run}: the SDK ended without a final terminal event`);
}

function itemOf(frame) {
  if (frame.op !== 'event') return frame;
  const raw = rawEventOf(frame);
  if (!isDeepStrictEqual(JSON.parse(raw), frame.event)) throw new Error(`seq ${frame.seq}: not the event that came in`);
  return { ...frame, raw, sha256: createHash('sha256').update(raw).digest('hex') };
}

function fail(error) {
  console.error(`follow: ${error.message}`);
  process.exit(1);
}

follow().catch(fail);
