import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergedRows, RunList } from '../src/main/resources/io/runwire/edge/console/runs.js';
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

test('what was listed for who has signed out is not shown to who signs in next', async (t) => {
  const { document, fetch } = globalThis;
  t.after(() => Object.assign(globalThis, { document, fetch }));
  const asked = [];
  globalThis.document = { hidden: false, addEventListener() {} };
  globalThis.fetch = () => new Promise((resolve) => asked.push(resolve));
  const model = { ledger: { status: 'loading', rows: [] }, changed() {} };
  const session = { signedIn: true, token: async () => 'jwt' };
  const runList = new RunList(model, session);
  t.after(() => runList.forget());
  const answer = async (status, body) => {
    while (asked.length === 0) await new Promise(setImmediate);
    asked.shift()(Response.json(body, { status }));
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
  };
  runList.refresh();
  await answer(200, { runs: [row('theirs', 100, 1, { status: 'FINISHED' })] });
  assert.deepEqual([model.ledger.status, model.ledger.rows.map(({ run }) => run)], ['listed', ['theirs']]);

  runList.refresh();
  while (asked.length === 0) await new Promise(setImmediate);
  runList.forget();
  assert.deepEqual(model.ledger.rows, []);
  await answer(200, { runs: [row('theirs', 100, 1, { status: 'FINISHED' })] }); // too late
  assert.deepEqual([model.ledger.status, model.ledger.rows], ['loading', []]);
  await answer(403, { code: 'FORBIDDEN' }); // to the question of who has signed in
  assert.deepEqual([model.ledger.status, model.ledger.rows], ['forbidden', []]);
});
