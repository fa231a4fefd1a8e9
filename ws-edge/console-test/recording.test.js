import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recording } from '../src/main/resources/io/runwire/edge/console/recording.js';

const TEXT = ['Be', 'cau', 'se'];

/** A run that says a word in pieces, an event every so many ms. */
function recorded(times = [0, 100, 200, 250, 1_000, 1_010], limits = undefined) {
  const events = [
    { type: 'RUN_STARTED' },
    { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' },
    ...TEXT.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta })),
    { type: 'RUN_FINISHED' },
  ];
  const recording = new Recording('t', 'r', limits);
  const kept = events.map((event, i) =>
    recording.take({ op: 'event', run: 'r', attempt: 1, seq: i + 1, ts: 1_000_000 + times[i], event }, 100),
  );
  return { recording, kept };
}

const textOf = (run) => run.attempt.items.find(({ kind }) => kind === 'message')?.text;

test('the run stands as it stood behind each event, forwards and backwards', () => {
  const { recording } = recorded();
  const texts = [3, 4, 5, 4, 3, 6].map((n) => textOf(recording.until(n)));
  assert.deepEqual(texts, ['Be', 'Becau', 'Because', 'Becau', 'Be', 'Because']);
  assert.equal(recording.until(5).status, 'running');
  assert.equal(recording.until(6).status, 'finished');
  assert.equal(recording.until(0), undefined);
});

test('times count from the first event, and none goes back', () => {
  const { recording } = recorded([0, 100, 40, 250, 1_000, 900]);
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6].map((n) => recording.at(n)),
    [0, 100, 100, 250, 1_000, 1_000],
  );
  assert.deepEqual(
    [0, 99, 100, 999, 1_000, 5_000].map((ms) => recording.countAt(ms)),
    [1, 1, 3, 4, 6, 6],
  );
});

test('no more is kept than there is room for, by events and by text', () => {
  assert.deepEqual(recorded(undefined, { events: 4, chars: 10_000 }).kept, [true, true, true, true, false, false]);
  assert.deepEqual(recorded(undefined, { events: 99, chars: 250 }).kept, [true, true, false, false, false, false]);
});

test('a gap stands where it was told', () => {
  const { recording } = recorded();
  recording.take({ op: 'gap', reason: 'EXPIRED' }, 10);
  assert.equal(recording.length, 7);
  assert.equal(recording.at(7), 1_010);
  assert.equal(recording.until(7).attempt.items.at(-1).kind, 'gap');
});
