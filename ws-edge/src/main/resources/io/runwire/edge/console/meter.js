/** How far back the plots reach. */
export const SECONDS = 60;
/** Latencies kept per second; past that they replace earlier ones of the same second, in turn. */
const SAMPLES = 256;

/** Events per second and delivery latency over the last minute, in one bucket per second. */
export class Meter {
  #buckets = new Map();

  /**
   * @param {number} nowMs
   * @param {number} [latencyMs] left out for what was replayed, whose age says nothing of delivery
   */
  record(nowMs, latencyMs) {
    const second = Math.floor(nowMs / 1000);
    let bucket = this.#buckets.get(second);
    if (!bucket) {
      bucket = { count: 0, timed: 0, latencies: [] };
      this.#buckets.set(second, bucket);
      for (const old of this.#buckets.keys()) if (old <= second - SECONDS) this.#buckets.delete(old);
    }
    bucket.count++;
    if (latencyMs !== undefined) bucket.latencies[bucket.timed++ % SAMPLES] = latencyMs;
  }

  /**
   * The minute up to now, the oldest second first: `seconds` of { count, typical, worst } (latencies undefined where
   * none was taken), and over all of them the percentiles `p50` and `p99`. The second under way counts as the last.
   */
  lastMinute(nowMs) {
    const now = Math.floor(nowMs / 1000);
    const seconds = Array.from({ length: SECONDS }, (_, i) => this.#second(now - SECONDS + 1 + i));
    const all = [...this.#buckets.entries()]
      .filter(([second]) => second > now - SECONDS)
      .flatMap(([, { latencies }]) => latencies);
    all.sort((a, b) => a - b);
    return { seconds, p50: percentile(all, 0.5), p99: percentile(all, 0.99) };
  }

  #second(second) {
    const bucket = this.#buckets.get(second);
    if (!bucket) return { count: 0 };
    const sorted = [...bucket.latencies].sort((a, b) => a - b);
    return { count: bucket.count, typical: percentile(sorted, 0.5), worst: sorted.at(-1) };
  }
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
