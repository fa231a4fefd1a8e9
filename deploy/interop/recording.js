import { WebSocket } from 'ws';

const BEFORE_EVENT = ',"event":';

/** cursor → text of the frame, from its arrival until the SDK hands it on. */
const texts = new Map();

/**
 * A WebSocket that keeps the text of the frames it receives, since the SDK hands on parsed events only: parsing and
 * writing again would lose how a number was spelled, white space, escapes and double keys.
 */
export class RecordingWebSocket extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols);
    this.on('message', (data) => record(data.toString()));
  }
}

/** The same for `fetch`, where frames come as server-sent events. */
export async function recordingFetch(url, options) {
  const response = await fetch(url, options);
  const decoder = new TextDecoder();
  let rest = '';
  const recording = new TransformStream({
    transform(chunk, controller) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block.split('\n').find((line) => line.startsWith('data: '));
        if (data) record(data.slice(6));
      }
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(recording), response);
}

function record(text) {
  const { op, cursor } = JSON.parse(text);
  if (op === 'event') texts.set(cursor, text);
}

/** The event's text: `event` stands last in its frame, and nothing before it can hold the same bytes. */
export function rawEventOf({ cursor }) {
  const text = texts.get(cursor);
  texts.delete(cursor);
  return text.slice(text.indexOf(BEFORE_EVENT) + BEFORE_EVENT.length, -1);
}
