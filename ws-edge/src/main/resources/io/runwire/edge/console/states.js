/**
 * The states of the SDK's client in words: `label` in the bar, `spoken` for those who do not see the page, and `step`
 * in the story of an interruption.
 */
export const STATES = {
  connecting: { label: 'Connecting', spoken: 'Connecting', step: 'Connecting' },
  replaying: { label: 'Replaying', spoken: 'Replaying', step: 'Replaying' },
  live: { label: 'Live', spoken: 'Live', step: 'Live again' },
  draining: { label: 'Moving soon', spoken: 'This edge goes away soon, the page will move', step: 'Moving soon' },
  reconnecting: { label: 'Reconnecting', spoken: 'Connection lost, reconnecting', step: 'Reconnecting' },
  offline: { label: 'Offline', spoken: 'No network', step: 'No network' },
  evicted: { label: 'Continued elsewhere', spoken: 'Continued in another place, this page is disconnected', step: 'Evicted' },
  expired: { label: 'Session expired', spoken: 'The session has expired', step: 'Expired' },
  forbidden: { label: 'Forbidden', spoken: 'The token does not allow this', step: 'Forbidden' },
  ended: { label: 'Disconnected', spoken: 'Disconnected', step: 'Ended' },
};

const OVER = new Set(['evicted', 'expired', 'forbidden', 'ended']);

/** Whether nothing follows by itself. */
export function isOver(state) {
  return OVER.has(state);
}

/** Why a connection was lost, where there is more to say than that. */
const CAUSES = {
  DRAINED: 'The edge was drained',
  GOING_AWAY: 'The edge went away',
  NODE_FULL: 'The edge is full',
  TOKEN_EXPIRED: 'The token expired',
  TOO_SLOW: 'This page read too slowly',
  RATE_EXCEEDED: 'This page asked for too much',
  LOG_UNAVAILABLE: 'The log cannot be read just now',
  LEDGER_UNAVAILABLE: 'The run ledger cannot be asked just now',
  HOLE: 'An event is missing and asked for again',
};

export function causeInWords({ name } = {}) {
  return CAUSES[name] ?? 'The connection was lost';
}
