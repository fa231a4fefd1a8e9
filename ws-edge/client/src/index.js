/** The Runwire client for browsers and Node. Start reading at Client. */
import { Client } from './client.js';

export { RunwireError } from './errors.js';

/** Connects at once and stays connected until `close`, or until the edge says not to come back. */
export function connect(options) {
  return new Client(options);
}
