import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, duration, pretty, size } from '../src/main/resources/io/runwire/edge/console/format.js';

test('durations keep their width while they tick', () => {
  assert.deepEqual([-3, 0, 420, 59_949, 60_000, 245_000, 3_729_000].map(duration), [
    '0.0 s',
    '0.0 s',
    '0.4 s',
    '59.9 s',
    '1:00',
    '4:05',
    '1:02:09',
  ]);
});

test('ages are rounded down', () => {
  assert.deepEqual([0, 12_400, 119_000, 7_300_000, 180_000_000].map(ago), [
    'now',
    '12 s ago',
    '1 min ago',
    '2 h ago',
    '2 d ago',
  ]);
});

test('sizes are in UTF-8 bytes', () => {
  assert.deepEqual(
    [size('é'), size('x'.repeat(4_120)), size('x'.repeat(17_300)), size('x'.repeat(1_300_000))],
    ['2 B', '4.1 kB', '17 kB', '1.3 MB'],
  );
});

test('JSON is laid out only if that changes nothing but white space', () => {
  assert.equal(pretty('{"a" : [1, 2]}'), '{"a":[1,2]}');
  const long = JSON.stringify({ names: ['x'.repeat(50)], more: 'y'.repeat(50) });
  assert.equal(pretty(long), `{\n  "names": ["${'x'.repeat(50)}"],\n  "more": "${'y'.repeat(50)}"\n}`);
  for (const untouched of ['{"a":', '{"n":12345678901234567890}', '{"a":1,"a":2}', 'plain'])
    assert.equal(pretty(untouched), untouched);
});
