import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonsAgainst, VERSIONS } from '../reference.js';
import { eventsOf } from '../run.js';

const EVENTS = eventsOf('thread-1', 'run-1');

test('the run is accepted by every version', () => {
  for (const event of EVENTS) {
    for (const version of VERSIONS) assert.deepEqual(reasonsAgainst(event, version), []);
  }
});

test('the run is whole: a start, one terminal event at the end, and what is opened is closed', () => {
  const types = EVENTS.map(({ type }) => type);
  assert.equal(types[0], 'RUN_STARTED');
  assert.deepEqual(types.filter((type) => /^RUN_(FINISHED|ERROR)$/.test(type)), ['RUN_FINISHED']);
  assert.equal(types.at(-1), 'RUN_FINISHED');
  for (const what of ['REASONING', 'REASONING_MESSAGE', 'TOOL_CALL', 'TEXT_MESSAGE']) {
    assert.ok(types.indexOf(`${what}_START`) < types.indexOf(`${what}_END`), what);
  }
});

test('the tool call has arguments that are JSON once they are put together', () => {
  const deltas = EVENTS.filter(({ type }) => type === 'TOOL_CALL_ARGS').map(({ delta }) => delta);
  assert.equal(JSON.parse(deltas.join('')).query, 'Zürich');
});

test('each event is one line, and has what is easily lost on the way', () => {
  const text = EVENTS.map((event) => JSON.stringify(event)).join('');
  assert.doesNotMatch(text, /[\x00-\x1f]/);
  for (const escape of ['\\r\\n', '\\t', '\\u0007', '\\"', '\\\\']) assert.ok(text.includes(escape), escape);
  assert.match(text, /\p{RGI_Emoji}/v);
  assert.match(text, /\u2028/);
});
