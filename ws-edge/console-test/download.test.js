import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Download } from '../src/main/resources/io/runwire/edge/console/download.js';

const line = (seq) => `${JSON.stringify({ thread: 't', run: 'r', attempt: 1, seq, cursor: `c${seq}`, ts: seq, event: {} })}\n`;
const END = '{"op":"end","cursor":"c9","events":9}\n';
const encoder = new TextEncoder();

/** A body that comes in these pieces, and breaks off behind them if it is to. */
function body(pieces, { breaks = false } = {}) {
  const left = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
  return new ReadableStream({
    pull(controller) {
      if (left.length) controller.enqueue(left.shift());
      else if (breaks) controller.error(new TypeError('network error'));
      else controller.close();
    },
  });
}

function answered(pieces, { breaks, to } = {}) {
  return () => new Response(body(pieces, { breaks }), { headers: to ? { 'Runwire-To': to } : {} });
}

/** Answers one after the other, and what came of them. */
async function downloaded(answers, take = () => true) {
  const asked = [];
  const pauses = [];
  const frames = [];
  const download = new Download(
    { thread: 't', run: 'r', token: async () => 'secret' },
    {
      fetch: async (url, { headers }) => {
        asked.push({ query: Object.fromEntries(new URLSearchParams(url.split('?')[1])), headers });
        return answers[Math.min(asked.length, answers.length) - 1]();
      },
      pause: async (ms) => pauses.push(ms),
    },
  );
  const outcome = await download.read((frame, chars) => {
    frames.push([frame.op, frame.seq ?? frame.reason, chars]);
    return take(frame);
  }).catch((error) => error);
  return { outcome, asked, pauses, frames, interruptions: download.interruptions };
}

const seqs = ({ frames }) => frames.map(([, seq]) => seq);

test('a whole answer is handed on line by line, wherever it was divided', async () => {
  const text = encoder.encode(line(1) + line(2).replace('{}', '{"delta":"größer ✓"}') + END);
  const bytes = [...text].map((byte) => Uint8Array.of(byte));
  const { outcome, asked, frames } = await downloaded([answered(bytes)]);
  assert.equal(outcome, true);
  assert.deepEqual(
    frames.map(([op, seq]) => [op, seq]),
    [
      ['event', 1],
      ['event', 2],
    ],
  );
  assert.deepEqual(asked[0].query, { run: 'r' });
  assert.equal(asked[0].headers.authorization, 'Bearer secret');
  assert.equal(asked[0].headers.accept, 'application/x-ndjson');
});

test('an answer without its last line was cut off, and is continued by the cursor up to the same end', async () => {
  const half = line(3).slice(0, 20);
  const result = await downloaded([
    answered([line(1) + line(2) + half], { to: 'c9' }),
    answered([line(3)], { breaks: true, to: 'other' }),
    answered([line(4) + END]),
  ]);
  assert.equal(result.outcome, true);
  assert.deepEqual(seqs(result), [1, 2, 3, 4]);
  assert.equal(result.interruptions, 2);
  assert.deepEqual(result.asked[1].query, { run: 'r', after: 'c2', to: 'c9', runs: 'r,1,2' });
  assert.deepEqual(result.asked[2].query, { run: 'r', after: 'c3', to: 'c9', runs: 'r,1,3' });
});

test('where nothing matches the position moves on all the same, and a gap is handed on', async () => {
  const result = await downloaded([
    answered(['{"op":"scanned","cursor":"s"}\n']),
    answered(['{"op":"gap","reason":"EXPIRED","from":"a","to":"b"}\n']),
    answered([END]),
  ]);
  assert.equal(result.outcome, true);
  assert.equal(result.asked[1].query.after, 's');
  assert.equal(result.asked[2].query.after, 'b');
  assert.deepEqual(seqs(result), ['EXPIRED']);
});

test('an edge that is away is asked again, ever later, and given up', async () => {
  const { outcome, pauses } = await downloaded([() => Promise.reject(new TypeError('fetch failed'))]);
  assert.equal(outcome.status, 0);
  assert.deepEqual(pauses, [250, 500, 1_000, 2_000, 4_000, 8_000]);
});

test('a full edge is asked again; one that forbids is not', async () => {
  const full = await downloaded([() => new Response('', { status: 503 }), answered([END])]);
  assert.equal(full.outcome, true);
  const forbidden = await downloaded([() => Response.json({ code: 'FORBIDDEN', detail: 'history is not granted' }, { status: 403 })]);
  assert.equal(forbidden.outcome.status, 403);
  assert.equal(forbidden.outcome.message, 'history is not granted');
  assert.equal(forbidden.asked.length, 1);
});

test('who takes no more is sent no more', async () => {
  const result = await downloaded([answered([line(1), line(2), line(3), END])], ({ seq }) => seq < 2);
  assert.equal(result.outcome, false);
  assert.deepEqual(seqs(result), [1, 2]);
});
