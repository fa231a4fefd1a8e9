/**
 * What each close code asks of a client.
 * `reconnect`: with the cursors. `later`: the same, after a pause. `renew`: the same, with a new token, a few times.
 * `end`: do not come back; `as` is the state that says why, where there is more to say than `ended`.
 */
const VERDICTS = new Map([
  [1000, { name: 'NORMAL', then: 'reconnect' }],
  [1001, { name: 'GOING_AWAY', then: 'reconnect' }],
  [1002, { name: 'PROTOCOL_ERROR', then: 'end' }],
  [1003, { name: 'UNSUPPORTED_DATA', then: 'end' }],
  [1006, { name: 'CONNECTION_LOST', then: 'reconnect' }],
  [1007, { name: 'INVALID_UTF8', then: 'end' }],
  [1008, { name: 'POLICY_VIOLATION', then: 'end' }],
  [1009, { name: 'TOO_LARGE', then: 'end' }],
  [1011, { name: 'SERVER_ERROR', then: 'reconnect' }],
  [1012, { name: 'DRAINED', then: 'reconnect' }],
  [1013, { name: 'NODE_FULL', then: 'later' }],
  [4001, { name: 'IDLE', then: 'reconnect' }],
  [4005, { name: 'TOKEN_EXPIRED', then: 'renew', as: 'expired' }],
  [4008, { name: 'TOO_SLOW', then: 'reconnect' }],
  [4012, { name: 'NO_PONG', then: 'reconnect' }],
  [4013, { name: 'RATE_EXCEEDED', then: 'later' }],
  [4500, { name: 'TOKEN_INVALID', then: 'end', as: 'expired' }],
  [4501, { name: 'BAD_REQUEST', then: 'end' }],
  // A page that the browser suspended between opening the socket and showing its token is not to stay dead for that.
  [4502, { name: 'AUTH_TIMEOUT', then: 'renew' }],
  [4504, { name: 'REPLACED', then: 'end', as: 'evicted' }],
  [4507, { name: 'FORBIDDEN', then: 'end', as: 'forbidden' }],
]);

/** A code that a later server may send is judged by its range: 4500 and above mean not to come back. */
export function verdictOn(closeCode) {
  return VERDICTS.get(closeCode) ?? { name: `CLOSED_${closeCode}`, then: closeCode >= 4500 ? 'end' : 'reconnect' };
}

const OVER = new Set(['ended', 'expired', 'evicted', 'forbidden']);

/** Whether nothing follows this state. */
export function isOver(state) {
  return OVER.has(state);
}
