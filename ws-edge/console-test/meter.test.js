import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Meter, SECONDS } from '../src/main/resources/io/runwire/edge/console/meter.js';

test('events are counted by the second, and forgotten after a minute', () => {
  const meter = new Meter();
  meter.record(1_000_000, 5);
  meter.record(1_000_999, 7);
  meter.record(1_001_000, 9);
  const { seconds } = meter.lastMinute(1_001_500);
  assert.equal(seconds.length, SECONDS);
  assert.deepEqual(seconds.slice(-2), [
    { count: 2, typical: 7, worst: 7 },
    { count: 1, typical: 9, worst: 9 },
  ]);
  const later = meter.lastMinute(1_000_000 + SECONDS * 1_000 + 1_000);
  assert.ok(later.seconds.every(({ count }) => count === 0));
  assert.equal(later.p50, undefined);
});

test('what was replayed counts as received and has no latency', () => {
  const meter = new Meter();
  meter.record(1_000_000);
  const { seconds, p50 } = meter.lastMinute(1_000_000);
  assert.deepEqual([seconds.at(-1).count, seconds.at(-1).typical, p50], [1, undefined, undefined]);
});

test('percentiles are over all latencies of the minute', () => {
  const meter = new Meter();
  for (let ms = 1; ms <= 100; ms++) meter.record(1_000_000 + ms * 500, ms);
  const { p50, p99 } = meter.lastMinute(1_050_000);
  assert.deepEqual([p50, p99], [51, 100]);
});
