import { EdgeError } from './edge.js';

/** Interruptions in a row, without a line between them, before it is given up. */
const MOST_INTERRUPTIONS = 6;
const FIRST_PAUSE_MS = 250;
const LATER = new Set([429, 502, 503, 504]);

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Fetches a run from the edge as NDJSON. An answer without its last line was cut off: the rest is asked for behind the
 * last line that came whole, up to the end that the first answer fixed.
 */
export class Download {
  /** How often it was cut off. */
  interruptions = 0;
  #surroundings;
  #path;
  #run;
  #cursor;
  #to;
  #seen;

  /**
   * @param token gives one that is good now
   * @param surroundings what a test replaces
   */
  constructor({ thread, run, token, signal }, { fetch = (...args) => globalThis.fetch(...args), pause = wait } = {}) {
    this.#path = `/v1/threads/${encodeURIComponent(thread)}/events`;
    this.#run = run;
    this.#surroundings = { fetch, pause, token, signal };
  }

  /**
   * Hands on each frame and how long its line was, until there are no more or `take` returns false.
   *
   * @returns whether all of them were taken
   * @throws EdgeError if the edge refuses, or does not answer any more
   */
  async read(take) {
    for (let inARow = 0; inARow <= MOST_INTERRUPTIONS; ) {
      if (inARow > 0) await this.#surroundings.pause(FIRST_PAUSE_MS * 2 ** (inARow - 1));
      const before = this.#cursor;
      const outcome = await this.#attempt(take);
      if (outcome !== 'cut') return outcome === 'whole';
      this.interruptions++;
      inARow = this.#cursor === before ? inARow + 1 : 1;
    }
    throw new EdgeError(0, 'NO_ANSWER', 'The edge does not answer any more.');
  }

  async #attempt(take) {
    const { fetch, token, signal } = this.#surroundings;
    const headers = { accept: 'application/x-ndjson', authorization: `Bearer ${await token()}` };
    let response;
    try {
      response = await fetch(`${this.#path}?${this.#query()}`, { headers, cache: 'no-store', signal });
    } catch (error) {
      if (signal?.aborted) throw error;
      return 'cut';
    }
    if (LATER.has(response.status)) return 'cut';
    if (!response.ok) throw await refusal(response);
    this.#to ??= response.headers.get('runwire-to') ?? undefined;
    return this.#lines(response.body.getReader(), take);
  }

  async #lines(reader, take) {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return 'cut';
        const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
        rest = lines.pop();
        for (const line of lines) {
          const outcome = this.#line(JSON.parse(line), line.length, take);
          if (outcome) return outcome;
        }
      }
    } catch (error) {
      if (this.#surroundings.signal?.aborted || error instanceof SyntaxError) throw error;
      return 'cut';
    } finally {
      reader.cancel().catch(() => {}); // what is left of an answer that nobody wants
    }
  }

  #line(json, chars, take) {
    if (json.op === 'end') return 'whole';
    this.#cursor = json.op === 'gap' ? json.to : json.cursor;
    if (json.op === 'scanned') return undefined;
    if (json.op === undefined) this.#seen = [json.attempt, json.seq];
    return take({ op: 'event', ...json }, chars) ? undefined : 'stopped';
  }

  #query() {
    const query = new URLSearchParams({ run: this.#run });
    if (this.#cursor) query.set('after', this.#cursor);
    if (this.#cursor && this.#to) query.set('to', this.#to);
    if (this.#cursor && this.#seen) query.set('runs', [this.#run, ...this.#seen].join(','));
    return query;
  }
}

async function refusal(response) {
  const problem = await response.json().catch(() => ({}));
  return new EdgeError(response.status, problem.code, problem.detail ?? `The edge answered ${response.status}.`);
}
