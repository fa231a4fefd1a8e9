/** No frame of an edge comes near to this; what does is no stream of ours. */
const LONGEST_CHARS = 8 * 1024 * 1024;

/** Cuts the text of a stream of server-sent events into blocks, and takes the `data` out of them. */
export class Blocks {
  #rest = '';

  /** The data of each block that this text completes, in order; comments and blocks without data are left out. */
  *take(text) {
    const searchFrom = Math.max(0, this.#rest.length - 1);
    this.#rest += text;
    let start = 0;
    for (let end = this.#rest.indexOf('\n\n', searchFrom); end >= 0; end = this.#rest.indexOf('\n\n', start)) {
      const data = dataOf(this.#rest.slice(start, end));
      start = end + 2;
      if (data !== '') yield data;
    }
    this.#rest = this.#rest.slice(start);
    if (this.#rest.length > LONGEST_CHARS) throw new RangeError('a block without an end');
  }
}

function dataOf(block) {
  return block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(line[5] === ' ' ? 6 : 5))
    .join('\n');
}
