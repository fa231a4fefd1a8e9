/** Speeds by name: how many times faster than it happened. */
export const SPEEDS = { '1×': 1, '10×': 10, Max: Infinity };

/** At the highest speed a run is over after so many frames of the screen. */
const FRAMES_AT_MOST = 150;

/** Where in a recording one is, and how one moves: by hand, or in the time in which it happened, or faster. */
export class Player {
  /** How many frames of the recording have come. */
  position = 0;
  playing = false;
  speed = '1×';
  /** How long into the run one is, in ms: between two frames while it plays. */
  clock = 0;
  /** Whether somebody has moved; until then the end is shown, wherever it is. */
  moved = false;
  #recording;
  #changed;
  #nextFrame;
  /** How often it has begun to play: an earlier beginning's frames come to nothing. */
  #beginnings = 0;

  /**
   * @param changed is called after every move
   * @param nextFrame calls back with the time in ms, when the screen is drawn next
   */
  constructor(recording, changed, nextFrame = (then) => requestAnimationFrame(then)) {
    this.#recording = recording;
    this.#changed = changed;
    this.#nextFrame = nextFrame;
  }

  /** More of the recording has come. */
  grown() {
    if (!this.moved) this.#stand(this.#recording.length);
    this.#changed();
  }

  /** Goes to behind the n-th frame. */
  seek(n) {
    this.moved = true;
    this.#stand(n);
    this.#changed();
  }

  /** Goes to a time, in ms from the run's start. */
  seekTime(ms) {
    this.seek(this.#recording.countAt(ms));
    this.clock = ms;
  }

  step(by) {
    this.playing = false;
    this.seek(this.position + by);
  }

  choose(speed) {
    this.speed = speed;
    this.#changed();
  }

  /** From the end it begins anew. */
  toggle() {
    if (this.#recording.length === 0) return;
    this.moved = true;
    this.playing = !this.playing;
    if (this.playing) {
      if (this.position >= this.#recording.length) this.#stand(0);
      this.#run();
    }
    this.#changed();
  }

  pause() {
    this.playing = false;
  }

  /** So much time has gone by while playing. */
  advance(ms) {
    const factor = SPEEDS[this.speed];
    if (factor === Infinity) {
      this.#stand(this.position + Math.max(1, Math.ceil(this.#recording.length / FRAMES_AT_MOST)));
    } else {
      this.clock = Math.min(this.#recording.lastsMs, this.clock + ms * factor);
      this.position = Math.max(this.position, this.#recording.countAt(this.clock));
    }
    if (this.position >= this.#recording.length) this.playing = false;
    this.#changed();
  }

  #stand(n) {
    this.position = Math.max(0, Math.min(n, this.#recording.length));
    this.clock = this.#recording.at(this.position);
  }

  #run() {
    const mine = ++this.#beginnings;
    let before;
    const frame = (now) => {
      if (!this.playing || mine !== this.#beginnings) return;
      if (before !== undefined) this.advance(now - before);
      before = now;
      if (this.playing) this.#nextFrame(frame);
    };
    this.#nextFrame(frame);
  }
}
