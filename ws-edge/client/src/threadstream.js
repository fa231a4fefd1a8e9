import { Blocks } from './blocks.js';
import { parse } from './frame.js';
import { Position } from './position.js';

/** Runs are told in the URL, which must not grow beyond what proxies take; the oldest are left out. */
const LONGEST_RUNS_CHARS = 3_000;

/**
 * One thread by server-sent events, in the place of a subscription on a socket. It may be stopped and opened again: it
 * goes on where it was.
 */
export class ThreadStream {
  request;
  /** Whether it has caught up since it was opened. */
  live = false;
  openedAt;
  /** What it is called while it is open: the edge ends the last one that was called so. */
  place;
  /** When something was read last, be it a comment. */
  lastReadAt;
  #ended = false;
  #base;
  #hooks;
  #position;
  #abort;

  /**
   * @param {string} base the edge's URL up to and without `/v1`
   * @param {object} request the `subscribe` frame
   * @param {object} hooks now(), fetch, onFrame(frame, chars), onRefused(response), onCutOff(reason)
   */
  constructor(base, request, hooks) {
    this.request = request;
    this.#base = base;
    this.#hooks = hooks;
    this.#position = Position.at(request.after, request.runs);
  }

  get isOpen() {
    return this.#abort !== undefined;
  }

  /** Whether it would go on if it were opened. */
  get waits() {
    return !this.isOpen && !this.#ended;
  }

  open(token, place) {
    this.stop();
    this.place = place;
    this.live = false;
    this.openedAt = this.lastReadAt = this.#hooks.now();
    const abort = (this.#abort = new AbortController());
    this.#read(token, abort).catch(({ message }) => {
      if (this.#abort === abort) this.#end(message);
    });
  }

  stop() {
    this.#abort?.abort();
    this.#abort = undefined;
  }

  async #read(token, abort) {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` };
    const response = await this.#hooks.fetch(this.#url(), { headers, signal: abort.signal, cache: 'no-store' });
    if (this.#abort !== abort) return;
    if (!response.ok) return this.#hooks.onRefused(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const blocks = new Blocks();
    for (;;) {
      const { done, value } = await reader.read();
      if (this.#abort !== abort) return;
      if (done) return this.#end('the stream was cut off');
      this.lastReadAt = this.#hooks.now();
      for (const data of blocks.take(value)) {
        this.#received(parse(data), data.length);
        if (this.#abort !== abort) return;
      }
    }
  }

  #received(frame, chars) {
    if (!frame) throw new Error('not a frame');
    const { cursor } = this.#position;
    if (frame.op === 'event') this.#position.accept(frame);
    else if (frame.op === 'live' || (frame.op === 'subscribed' && cursor === undefined)) this.#position.cursor = frame.cursor;
    else if (frame.op === 'gap') this.#position.fold.gap();
    this.live ||= frame.op === 'live';
    const { id } = this.request; // the server's is 0
    this.#hooks.onFrame(frame.id === 0 ? { ...frame, id } : frame, chars);
  }

  #end(reason) {
    this.stop();
    this.#ended = this.#position.fold.hasEnded(this.request.run); // a stream of one run ends with the run
    if (!this.#ended) this.#hooks.onCutOff(reason);
  }

  #url() {
    const { thread, run, from } = this.request;
    const { cursor, fold } = this.#position;
    const url = new URL(`${this.#base}/v1/threads/${thread}/events`);
    url.searchParams.set('envelope', 'true');
    url.searchParams.set('place', this.place);
    if (run !== undefined) url.searchParams.set('run', run);
    if (cursor === undefined) {
      url.searchParams.set('from', from);
      return url.href;
    }
    url.searchParams.set('after', cursor);
    const runs = spelled(fold.runs());
    return runs === '' ? url.href : `${url.href}&runs=${runs}`;
  }
}

/** `r,1,57;s,2,3`, the run that moved last at the end. */
function spelled(runs) {
  const each = Object.entries(runs).map(([run, [attempt, seq]]) => `${run},${attempt},${seq}`);
  while (each.join(';').length > LONGEST_RUNS_CHARS) each.shift();
  return each.join(';');
}
