import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergedRows } from '../src/main/resources/io/runwire/edge/console/runs.js';
import { Timeline } from '../src/main/resources/io/runwire/edge/console/timeline.js';

const row = (run, startedAt, events, rest = {}) => ({
  run,
  thread: 't',
  attempt: 1,
  status: 'running',
  startedAt,
  events,
  ...rest,
});

/** A timeline that has seen so many events of the run `r`. */
function seen(events, attempt = 1) {
  const timeline = new Timeline('t');
  for (let seq = 1; seq <= events; seq++) {
    timeline.apply({ op: 'event', run: 'r', attempt, seq, ts: 500, event: { type: 'CUSTOM', name: 'n', value: seq } });
  }
  return timeline;
}

test('the newest run stands first, and a run that the ledger does not know yet is listed', () => {
  const rows = mergedRows([row('old', 100, 1), row('new', 900, 1)], seen(3));
  assert.deepEqual(
    rows.map(({ run, events }) => [run, events]),
    [
      ['new', 1],
      ['r', 3],
      ['old', 1],
    ],
  );
});

test('of the ledger and the page, the one that has seen more of a run tells of it', () => {
  const ledger = (events, rest) => [row('r', 500, events, { status: 'finished', ...rest })];
  assert.equal(mergedRows(ledger(2), seen(3))[0].status, 'running');
  assert.equal(mergedRows(ledger(9), seen(3))[0].status, 'finished');
  assert.equal(mergedRows(ledger(1, { attempt: 2 }), seen(3))[0].status, 'finished');
  assert.equal(mergedRows(ledger(9), seen(1, 2))[0].attempt, 2);
});
