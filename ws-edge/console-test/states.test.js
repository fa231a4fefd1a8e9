import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isOver as sdkIsOver } from '../client/src/closecodes.js';
import { Interruption } from '../src/main/resources/io/runwire/edge/console/interruption.js';
import { causeInWords, isOver, STATES } from '../src/main/resources/io/runwire/edge/console/states.js';

const declared = readFileSync(new URL('../client/src/index.d.ts', import.meta.url), 'utf8');
const namesIn = (type) => [...new RegExp(`type ${type} = ([^;]+);`).exec(declared)[1].matchAll(/'(\w+)'/g)].map(([, name]) => name);
const all = ['State', 'WaitingState', 'OverState'].flatMap(namesIn);

test('every state that the SDK declares has its words, and no other has', () => {
  assert.deepEqual(Object.keys(STATES).sort(), all.sort());
  for (const [state, words] of Object.entries(STATES)) {
    for (const kind of ['label', 'spoken', 'step']) assert.match(words[kind], /^[A-Z]/, `${state} ${kind}`);
  }
});

test('the page and the SDK agree on what is over', () => {
  assert.deepEqual(all.filter(isOver), namesIn('OverState').sort((a, b) => all.indexOf(a) - all.indexOf(b)));
  assert.deepEqual(all.filter(isOver), all.filter(sdkIsOver));
});

test('a loss says why, where there is more to say', () => {
  assert.equal(causeInWords({ name: 'DRAINED' }), 'The edge was drained');
  assert.equal(causeInWords({ name: 'CONNECTION_LOST' }), 'The connection was lost');
  assert.equal(causeInWords(undefined), 'The connection was lost');
});

test('an interruption is over when the page is live again, or when nothing follows', () => {
  for (const state of all) {
    const interruption = new Interruption(1_000, 'The connection was lost');
    interruption.passed('reconnecting', 1_000);
    assert.equal(interruption.over, false);
    interruption.passed(state, 3_500);
    assert.equal(interruption.over, state === 'live' || isOver(state), state);
    assert.equal(interruption.resumed, state === 'live');
    assert.equal(interruption.lastedMs, 2_500);
  }
});

test('of a connection that flaps the first and the last steps are kept', () => {
  const interruption = new Interruption(0, 'The connection was lost');
  for (let i = 1; i <= 20; i++) interruption.passed(i % 2 ? 'reconnecting' : 'replaying', i);
  assert.equal(interruption.steps.length, 8);
  assert.deepEqual([interruption.steps[0].afterMs, interruption.steps.at(-1).afterMs], [1, 20]);
});
