import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EventType } from '@ag-ui/core';
import { reasonsAgainst, VERSIONS } from '../reference.js';

/** The same samples by which ContractTest judges event.schema.json. */
const SAMPLES = new URL('../../../schemas/src/test/resources/io/runwire/contract/', import.meta.url);

function samplesIn(folder) {
  const files = readdirSync(new URL(`${folder}/`, SAMPLES));
  assert.notEqual(files.length, 0);
  return files.map((file) => ({ file, event: JSON.parse(readFileSync(new URL(`${folder}/${file}`, SAMPLES), 'utf8')) }));
}

test('there is a sample of each event type', () => {
  const types = samplesIn('events').map(({ event }) => event.type);
  assert.deepEqual(types.sort(), Object.values(EventType).sort());
});

for (const { file, event } of samplesIn('events')) {
  test(`every version accepts ${file}`, () => {
    for (const version of VERSIONS) assert.deepEqual(reasonsAgainst(event, version), []);
  });
}

for (const { file, event } of samplesIn('events-new-in-1.0')) {
  test(`1.0.0 alone accepts ${file}`, () => {
    assert.deepEqual(reasonsAgainst(event, '1.0.0'), []);
    assert.notDeepEqual(reasonsAgainst(event, '0.0.59'), []);
  });
}

for (const { file, event } of samplesIn('events-invalid')) {
  test(`1.0.0 refuses ${file}`, () => {
    assert.notDeepEqual(reasonsAgainst(event, '1.0.0'), []);
  });
}
