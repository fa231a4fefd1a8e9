import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { DEFAULT_CAPACITY, Fold } from '../src/fold.js';

const vectors = JSON.parse(readFileSync(new URL('../../../schemas/vectors/fold.json', import.meta.url), 'utf8'));

describe('the fold, by the vectors it shares with its Java twin', () => {
  for (const { name, capacity, floor, known, steps } of vectors.cases) {
    test(name, () => {
      const fold = new Fold({ capacity, floor, known });
      steps.forEach((step, i) => {
        if (step.gap) fold.gap();
        else assert.equal(fold.accept(step.record), step.expect, `step ${i + 1}: ${JSON.stringify(step.record)}`);
      });
    });
  }

  test('the default capacity is the one of the vectors', () => {
    assert.equal(DEFAULT_CAPACITY, vectors['capacity default']);
  });
});

describe('what a reader has', () => {
  const record = (run, seq, more) => ({ run, attempt: 1, seq, type: 'CUSTOM', ...more });

  test('is told as run → [attempt, seq], the run that moved last standing last', () => {
    const fold = new Fold({ known: { b: [2, 5] } });
    fold.accept(record('a', 7));
    fold.accept({ run: 'b', attempt: 3, seq: 1, type: 'RUN_STARTED' });
    assert.deepEqual(Object.entries(fold.runs()), [['a', [1, 7]], ['b', [3, 1]]]);
  });

  test('survives JSON even when a run is called __proto__', () => {
    const fold = new Fold();
    fold.accept(record('__proto__', 4));
    const resumed = new Fold({ known: JSON.parse(JSON.stringify(fold.runs())) });
    assert.equal(resumed.accept(record('__proto__', 4)), 'REPEATED');
    assert.equal(resumed.accept(record('__proto__', 5)), 'PASS');
  });

  test('is not shared between a fold and its copy', () => {
    const fold = new Fold();
    fold.accept(record('a', 1));
    const copy = fold.copy();
    copy.accept(record('a', 2, { type: 'RUN_FINISHED' }));
    assert.equal(copy.hasEnded('a'), true);
    assert.equal(fold.hasEnded('a'), false);
    assert.equal(fold.accept(record('a', 2)), 'PASS');
  });
});
