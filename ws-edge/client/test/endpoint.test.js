import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointsOf } from '../src/endpoint.js';

const cases = [
  ['ws://edge:8080', 'ws://edge:8080/v1/ws'],
  ['http://edge:8080', 'ws://edge:8080/v1/ws'],
  ['https://edge.example/', 'wss://edge.example/v1/ws'],
  ['wss://edge.example/v1/ws', 'wss://edge.example/v1/ws'],
  ['https://edge.example/v1/ws?p=17', 'wss://edge.example/v1/ws?p=17'],
  ['https://example.org/runwire/', 'wss://example.org/runwire/v1/ws'],
  ['wss://edge.example/#top', 'wss://edge.example/v1/ws'],
];

for (const [given, expected] of cases) {
  test(`${given} is ${expected}`, () => assert.deepEqual(endpointsOf(given), [expected]));
}

test('several are kept in order', () => {
  assert.deepEqual(endpointsOf(['ws://b', 'ws://a']), ['ws://b/v1/ws', 'ws://a/v1/ws']);
});

for (const [given, message] of [
  ['ftp://edge', /url: ftp: \(expected: ws:/],
  ['nonsense', /url: nonsense \(expected: an origin/],
  [undefined, /url: undefined/],
  [[], /expected: at least one/],
]) {
  test(`${JSON.stringify(given)} is refused`, () => assert.throws(() => endpointsOf(given), { name: 'TypeError', message }));
}
