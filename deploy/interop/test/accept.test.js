import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { VERSIONS } from '../reference.js';

const ACCEPT = fileURLToPath(new URL('../accept.js', import.meta.url));
const STARTED = '{"type":"RUN_STARTED","threadId":"t","runId":"r"}';
const FINISHED = '{"type":"RUN_FINISHED","threadId":"t","runId":"r"}';

/** @param {string | Buffer} input */
function accept(input) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [ACCEPT], { input, encoding: 'utf8', timeout: 30_000 });
  assert.equal(stderr, '');
  return { status, said: JSON.parse(stdout) };
}

test('accepts events that both versions accept, with or without a last line end', () => {
  for (const input of [`${STARTED}\n${FINISHED}\n`, `${STARTED}\n${FINISHED}`]) {
    assert.deepEqual(accept(input), { status: 0, said: { accepted: 2, versions: VERSIONS } });
  }
});

test('names the versions that package.json pins', () => {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const pinned = [devDependencies['@ag-ui/core'], devDependencies['@ag-ui/core-0059'].split('@').at(-1)];
  assert.deepEqual(VERSIONS, pinned);
});

test('refuses an event without a required field, by both versions and with its line', () => {
  const { status, said } = accept(`${STARTED}\n{"type":"TEXT_MESSAGE_CONTENT","messageId":"m"}\n${FINISHED}\n`);
  assert.equal(status, 1);
  assert.equal(said.accepted, 1);
  assert.equal(said.refused.line, 2);
  assert.match(said.refused.reasons.join('\n'), /^1\.0\.0: delta: .+\n0\.0\.59: delta: .+$/);
});

test('refuses what one version alone accepts', () => {
  const onlyCurrent = accept('{"type":"RUN_FINISHED","threadId":"t","runId":"r","outcome":{"type":"cancelled"}}');
  assert.equal(onlyCurrent.status, 1);
  assert.match(onlyCurrent.said.refused.reasons.join('\n'), /^0\.0\.59: outcome\.type: [^\n]+$/);

  const onlyOld = accept('{"type":"THINKING_START"}');
  assert.equal(onlyOld.status, 1);
  assert.match(onlyOld.said.refused.reasons.join('\n'), /^1\.0\.0: type: [^\n]+$/);
});

for (const [what, input] of Object.entries({
  'an empty input': '',
  'an empty line': `${STARTED}\n\n${FINISHED}\n`,
  'what is not JSON': `${STARTED}\n{"type":`,
  'two events on a line': `${STARTED}\n${STARTED}${FINISHED}\n`,
  'a CR before the line end': `${STARTED}\n${FINISHED}\r\n`,
  'a raw tab between tokens': `${STARTED}\n${FINISHED.replace(':', ':\t')}\n`,
  'a byte-order mark': `${STARTED}\n\ufeff${FINISHED}\n`,
  'what is not UTF-8': Buffer.concat([Buffer.from(`${STARTED}\n{"type":"RUN_ERROR","message":"`), Buffer.from([0xff]), Buffer.from('"}')]),
  'what is no object': `${STARTED}\n"RUN_FINISHED"\n`,
})) {
  test(`refuses ${what}`, () => {
    const { status, said } = accept(input);
    assert.equal(status, 1);
    assert.equal(said.refused.line, said.accepted + 1);
    assert.equal(said.accepted, what === 'an empty input' ? 0 : 1);
    assert.notEqual(said.refused.reasons.length, 0);
  });
}
