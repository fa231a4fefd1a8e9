import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

// prose.js imports lit-html by the edge's URL; the cutting itself needs none of it.
const source = readFileSync(new URL('../src/main/resources/io/runwire/edge/console/view/prose.js', import.meta.url), 'utf8');
const { blocks } = await import(`data:text/javascript,${encodeURIComponent(source.replace(/^import .*$/m, 'const html = String.raw;'))}`);

const cut = (text) => blocks(text).map(({ code, chars }) => [code, chars]);

test('indented lines are code, and a blank line between them belongs to it', () => {
  assert.deepEqual(cut('Look:\n\n    a\n\n    b\ndone'), [
    [false, 'Look:\n\n'],
    [true, '    a\n\n    b\n'],
    [false, 'done'],
  ]);
});

test('no char is added or left out', () => {
  for (const text of ['', '\n', '    x', 'x\r\n    y\r\n\r\n    z', '   three\n    four\n', '    \n\n\n']) {
    assert.equal(blocks(text).map(({ chars }) => chars).join(''), text);
  }
});
