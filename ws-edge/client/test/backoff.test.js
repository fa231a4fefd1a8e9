import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../src/backoff.js';

const draw = (backoff, times) => Array.from({ length: times }, () => backoff.next());

test('the ceiling doubles from 250 ms to 10 s and stays there', () => {
  const ceilings = [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000];
  assert.deepEqual(draw(new Backoff(() => 1), 9), ceilings);
});

test('the jitter is full: a wait may be nothing', () => {
  assert.deepEqual(draw(new Backoff(() => 0), 5), [0, 0, 0, 0, 0]);
});

test('every wait lies between nothing and its ceiling', () => {
  for (let i = 0; i < 1000; i++) {
    draw(new Backoff(Math.random), 8).forEach((ms, step) => assert.ok(ms >= 0 && ms < Math.min(10_000, 250 * 2 ** step)));
  }
});

test('a reset starts afresh', () => {
  const backoff = new Backoff(() => 1);
  draw(backoff, 6);
  backoff.reset();
  assert.equal(backoff.next(), 250);
});
