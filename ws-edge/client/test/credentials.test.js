import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimsOf, refreshDelayMs } from '../src/credentials.js';

const jwt = (claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
const NOW_S = 1_764_000_000;
const delay = (claims) => refreshDelayMs(claims, NOW_S * 1000);

test('the claims of a JWT are read without a look at its signature', () => {
  assert.deepEqual(claimsOf(jwt({ sub: 'ü??>>', exp: 5 })).exp, 5);
});

for (const token of ['', 'opaque', 'a.b.c', 'e30.bnVsbA.x', '..']) {
  test(`"${token}" has no claims`, () => assert.deepEqual(claimsOf(token), {}));
}

test('a token is refreshed when a fifth of its life is left', () => {
  assert.equal(delay({ exp: NOW_S + 100 }), 80_000);
  assert.equal(delay({ iat: NOW_S, exp: NOW_S + 100 }), 80_000);
});

test('of a token out of a cache only what is left counts', () => {
  assert.equal(delay({ iat: NOW_S - 50, exp: NOW_S + 50 }), 40_000);
});

test('a clock that is an hour off, either way, does not count', () => {
  assert.equal(delay({ iat: NOW_S - 3600, exp: NOW_S - 3500 }), 80_000);
  assert.equal(delay({ iat: NOW_S + 3600, exp: NOW_S + 3700 }), 80_000);
});

test('a token that does not tell is not refreshed', () => {
  for (const claims of [{}, { exp: 'soon' }, { exp: NOW_S - 1 }, { iat: NOW_S, exp: NOW_S }]) {
    assert.equal(delay(claims), undefined);
  }
});

test('a refresh is never sooner than a second away, nor further than a timer can wait', () => {
  assert.equal(delay({ exp: NOW_S + 1 }), 1_000);
  assert.equal(delay({ exp: NOW_S + 365 * 86_400 }), 2 ** 31 - 1);
});
