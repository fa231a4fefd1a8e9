import { RunwireError } from './errors.js';

/** The WebSocket constructor to use: the one given, the platform's, or in an older Node that of the package `ws`. */
export async function findWebSocket(given) {
  const found = given ?? globalThis.WebSocket;
  if (found) return found;
  try {
    const ws = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'ws');
    return ws.WebSocket;
  } catch (cause) {
    throw new RunwireError(
      'NO_WEBSOCKET',
      'this runtime has no WebSocket: use Node 22 or newer, or `npm install ws`, or pass connect({ WebSocket })',
      { cause },
    );
  }
}
