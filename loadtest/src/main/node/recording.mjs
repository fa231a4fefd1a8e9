import { createRequire } from 'node:module';

const BEFORE_EVENT = ',"event":';
const CURSOR = /"cursor":"([^"\\]*)"/;

/**
 * A WebSocket class that keeps the text of the events it receives, since the SDK hands on parsed events only and
 * parsing loses how a number was spelled, white space, escapes and double keys.
 *
 * @param sdk path of the SDK's index.js: a Node without a WebSocket of its own uses the `ws` installed with the SDK
 */
export function recordingWebSocket(sdk, recorder) {
  const Base = globalThis.WebSocket ?? createRequire(sdk)('ws');
  return class RecordingWebSocket extends Base {
    constructor(url, protocols) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => recorder.record(data)); // before the SDK's own listener
    }
  };
}

/** The texts of one subscription's events, from their arrival until the SDK hands them on. */
export class Recorder {
  /** cursor → text of the event, in the order of arrival */
  #texts = new Map();

  /** Takes a frame. `event` stands last in it, and nothing before it can hold the same bytes. */
  record(frame) {
    const end = frame.indexOf(BEFORE_EVENT);
    const cursor = end < 0 ? undefined : CURSOR.exec(frame.slice(0, end))?.[1];
    if (cursor !== undefined) this.#texts.set(cursor, frame.slice(end + BEFORE_EVENT.length, -1));
  }

  /** The text of the event under this cursor; what came before and was not handed on was skipped, and is forgotten. */
  take(cursor) {
    const text = this.#texts.get(cursor);
    if (text === undefined) throw new Error(`the SDK handed on what never came: ${cursor}`);
    for (const earlier of this.#texts.keys()) {
      this.#texts.delete(earlier);
      if (earlier === cursor) break;
    }
    return text;
  }
}
