import { systemClock } from './clock.js';
import { endpointsOf } from './endpoint.js';
import { DEFAULT_MAX_BUFFERED } from './reader.js';

const ID = /^[A-Za-z0-9._~:-]{1,200}$/;
const TRANSPORTS = ['auto', 'websocket', 'sse'];
const STARTS = ['earliest', 'open', 'latest'];

/** The options of `connect`, checked and completed. */
export function connectOptions(options = {}) {
  const { url, getToken, transport = 'auto', WebSocket, fetch = globalThis.fetch } = options;
  const { environment = globalThis, clock = systemClock, random = Math.random } = options;
  expect(typeof getToken === 'function', 'getToken', getToken, 'a function that gives a JWT');
  expect(TRANSPORTS.includes(transport), 'transport', transport, TRANSPORTS.join(', '));
  expect(typeof fetch === 'function', 'fetch', fetch, 'a function');
  return { urls: endpointsOf(url), getToken, transport, WebSocket, fetch, environment, clock, random };
}

/** The options of a subscription, checked and completed. */
export function threadOptions(thread, options = {}) {
  const { after, runs, run, from = 'latest', ack = false, maxBuffered = DEFAULT_MAX_BUFFERED } = options;
  const { onEvent, onGap, onLive, onState } = options;
  expect(ID.test(thread), 'thread', thread, 'an id');
  expect(run === undefined || ID.test(run), 'run', run, 'an id');
  expect(after === undefined || (typeof after === 'string' && after !== ''), 'after', after, 'a cursor');
  expect(runs === undefined || after !== undefined, 'runs', runs, 'together with after');
  expect(STARTS.includes(from), 'from', from, STARTS.join(', '));
  expect(Number.isInteger(maxBuffered) && maxBuffered > 0, 'maxBuffered', maxBuffered, 'a whole number above 0');
  for (const [name, fn] of Object.entries({ onEvent, onGap, onLive, onState })) {
    expect(fn === undefined || typeof fn === 'function', name, fn, 'a function');
  }
  return { after, runs, run, from, ack: Boolean(ack), maxBuffered, onEvent, onGap, onLive, onState };
}

function expect(holds, name, value, expected) {
  if (!holds) throw new TypeError(`${name}: ${typeof value === 'string' ? value : typeof value} (expected: ${expected})`);
}
