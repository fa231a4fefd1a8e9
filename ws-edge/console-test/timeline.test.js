import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timeline } from '../src/main/resources/io/runwire/edge/console/timeline.js';

const started = { type: 'RUN_STARTED', threadId: 't', runId: 'r' };
const finished = { type: 'RUN_FINISHED', threadId: 't', runId: 'r' };

/** A thread under test: events get the next seq of their run's attempt, and a second of their own. */
function follow() {
  const timeline = new Timeline('t');
  const last = new Map();
  let ts = 0;
  const send = (event, { run = 'r', attempt = 1, seq, final } = {}) => {
    const id = `${run} ${attempt}`;
    const next = seq ?? (last.get(id) ?? 0) + 1;
    last.set(id, next);
    timeline.apply({
      op: 'event',
      thread: 't',
      run,
      attempt,
      seq: next,
      cursor: `c${next}`,
      ts: (ts += 1000),
      final,
      event,
    });
  };
  return { timeline, send, all: (...events) => events.forEach((event) => send(event)) };
}

const items = (timeline) => timeline.current.attempt.items;

test('a message is the concatenation of its deltas, to the byte', () => {
  const { timeline, all } = follow();
  const deltas = ['  two\tblanks\r\n', '', '<b>&amp;</b>', 'é \u{1F9ED}', '\u0000\u202e', ' end '];
  all(
    started,
    { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' },
    ...deltas.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta })),
  );
  assert.equal(items(timeline)[0].open, true);
  all({ type: 'TEXT_MESSAGE_END', messageId: 'm' });
  const [message] = items(timeline);
  assert.equal(message.text, deltas.join(''));
  assert.equal(message.open, false);
});

test('two messages that are written at once do not mix', () => {
  const { timeline, all } = follow();
  all(
    started,
    { type: 'TEXT_MESSAGE_START', messageId: 'a', role: 'assistant' },
    { type: 'TEXT_MESSAGE_START', messageId: 'b', role: 'assistant' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: '1' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'b', delta: '2' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: '3' },
  );
  assert.deepEqual(
    items(timeline).map(({ id, text }) => [id, text]),
    [
      ['a', '13'],
      ['b', '2'],
    ],
  );
});

test('a chunk that omits its id continues the one before, and another kind of event ends it', () => {
  const { timeline, all } = follow();
  all(
    started,
    { type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', role: 'assistant', delta: 'one ' },
    { type: 'TEXT_MESSAGE_CHUNK', delta: 'two' },
    { type: 'TOOL_CALL_CHUNK', toolCallId: 'c', toolCallName: 'search', delta: '{"q":' },
    { type: 'TOOL_CALL_CHUNK', delta: '1}' },
    { type: 'REASONING_MESSAGE_CHUNK', messageId: 'g', delta: 'hm' },
    { type: 'STEP_STARTED', stepName: 's' },
  );
  assert.deepEqual(
    items(timeline).map(({ kind, text, open }) => [kind, text, open]),
    [
      ['message', 'one two', false],
      ['tool', '{"q":1}', true],
      ['reasoning', 'hm', false],
      ['step', undefined, true],
    ],
  );
  assert.equal(items(timeline)[1].called, true, 'a call is open until it has its result');
});

test('a tool call has its arguments, its result and the time between', () => {
  const { timeline, all } = follow();
  all(
    started,
    { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'search' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '{"q":' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '"x"}' },
    { type: 'TOOL_CALL_END', toolCallId: 'c' },
  );
  const [call] = items(timeline);
  assert.deepEqual([call.name, call.text, call.called, call.open], ['search', '{"q":"x"}', true, true]);
  all({ type: 'TOOL_CALL_RESULT', messageId: 'm', toolCallId: 'c', content: [{ type: 'text', text: 'found' }] });
  assert.deepEqual([call.result, call.open, call.endedAt - call.ts], ['found', false, 4000]);
});

test('reasoning is pending from its start to its first word', () => {
  const { timeline, all } = follow();
  all(started, { type: 'REASONING_START', messageId: 'g' });
  assert.equal(timeline.current.attempt.thinking, true);
  all({ type: 'REASONING_MESSAGE_START', messageId: 'g', role: 'reasoning' });
  all({ type: 'REASONING_MESSAGE_CONTENT', messageId: 'g', delta: 'First, ' });
  assert.equal(timeline.current.attempt.thinking, false);
  assert.equal(items(timeline)[0].text, 'First, ');
});

test('a newer attempt replaces the older one, which is kept to be looked at', () => {
  const { timeline, send } = follow();
  send(started);
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'half' });
  send({ type: 'RUN_ERROR', message: 'no answer', code: 'TOOL_TIMEOUT' }, { final: false });
  assert.equal(timeline.current.status, 'retrying');
  assert.equal(timeline.current.endedAt, undefined);
  send(started, { attempt: 2 });
  assert.equal(timeline.current.status, 'running');
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'whole' }, { attempt: 2 });
  send(finished, { attempt: 2 });
  const { attempts, status } = timeline.current;
  assert.equal(status, 'finished');
  assert.deepEqual(
    attempts.map(({ error, items }) => [error?.code, items[0].text]),
    [
      ['TOOL_TIMEOUT', 'half'],
      [undefined, 'whole'],
    ],
  );
});

test('a run whose agent is lost between two attempts ends with an attempt that only says so', () => {
  const { timeline, send } = follow();
  send(started);
  send({ type: 'RUN_ERROR', message: 'no answer' }, { final: false });
  send({ type: 'RUN_ERROR', message: 'gone', code: 'AGENT_LOST' }, { attempt: 2, final: true });
  assert.equal(timeline.current.status, 'error');
  assert.deepEqual(timeline.current.attempt.error, { message: 'gone', code: 'AGENT_LOST' });
});

test('a run may end cancelled, or waiting for somebody', () => {
  const { timeline, send } = follow();
  send(started, { run: 'a' });
  send({ ...finished, outcome: { type: 'cancelled' } }, { run: 'a' });
  assert.equal(timeline.current.status, 'cancelled');
  send(started, { run: 'b' });
  send({ ...finished, outcome: { type: 'interrupt', interrupts: [{ id: 'i', reason: 'approval' }] } }, { run: 'b' });
  assert.equal(timeline.current.status, 'interrupted');
  assert.equal(items(timeline)[0].label, 'Waits for: approval');
});

test('what was received is counted: dense, lost, doubled', () => {
  const { timeline, send } = follow();
  send(started);
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'a' });
  assert.equal(timeline.current.proof.dense, true);
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'a' }, { seq: 2 });
  assert.deepEqual([timeline.lost, timeline.doubled], [0, 1]);
  assert.equal(items(timeline)[0].text, 'a', 'a repetition is counted and not shown');
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'b' }, { seq: 6 });
  assert.deepEqual([timeline.lost, timeline.doubled, timeline.current.proof.last], [3, 1, 6]);
});

test('what a gap notice announces is not lost in silence, and is announced once', () => {
  const { timeline, send } = follow();
  send(started);
  timeline.apply({ op: 'gap', thread: 't', reason: 'EXPIRED' });
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'b' }, { seq: 5 });
  const { proof } = timeline.current;
  assert.deepEqual([proof.lost, proof.announced], [0, 3]);
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'b' }, { seq: 7 });
  assert.deepEqual([proof.lost, proof.announced], [1, 3]);
  assert.deepEqual(
    items(timeline).map(({ kind }) => kind),
    ['gap', 'message'],
  );
});

test('a run that joins after a gap may begin in its middle', () => {
  const { timeline, send } = follow();
  timeline.apply({ op: 'gap', thread: 't', reason: 'TRUNCATED' });
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'b' }, { seq: 5 });
  assert.deepEqual([timeline.lost, timeline.current.proof.announced], [0, 4]);
});

test('a run that the page joins in its middle has lost nothing, and is not whole', () => {
  const { timeline, send } = follow();
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'b' }, { seq: 5 });
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'c' }, { seq: 6 });
  const { proof } = timeline.current;
  assert.deepEqual([timeline.lost, proof.before, proof.dense], [0, 4, false]);
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'd' }, { seq: 8 });
  assert.equal(timeline.lost, 1);
});

test('events of an unknown type or of a wrong form are shown as what they are', () => {
  const { timeline, all } = follow();
  all(started, { type: 'NEWS' }, { type: 'STATE_DELTA', delta: 7 }, { type: 'RUN_ERROR', message: { _$litType$: 1 } });
  assert.deepEqual(
    items(timeline).map(({ kind, label }) => [kind, label]),
    [
      ['note', 'NEWS'],
      ['note', 'STATE_DELTA'],
    ],
  );
  assert.equal(typeof timeline.current.attempt.error.message, 'string');
});

test('the question is the last thing the user said', () => {
  const { timeline, all } = follow();
  all({
    ...started,
    input: {
      messages: [
        { id: '1', role: 'user', content: 'first' },
        { id: '2', role: 'user', content: 'why?' },
      ],
    },
  });
  assert.equal(timeline.current.question, 'why?');
});

test('a thread of many runs, and a run of many items, stay bounded', () => {
  const { timeline, send } = follow();
  for (let i = 0; i < 60; i++) send(started, { run: `r${i}` });
  assert.deepEqual([timeline.runs.length, timeline.dropped, timeline.received], [50, 10, 60]);
  for (let i = 0; i < 5_000; i++) send({ type: 'CUSTOM', name: 'n', value: i }, { run: 'r59' });
  const { attempt, proof } = timeline.current;
  assert.equal(attempt.trimmed + attempt.items.length, 5_000);
  assert.ok(attempt.items.length <= 2_200);
  assert.deepEqual([proof.received, proof.lost], [5_001, 0]);
});
