import { Download } from './download.js';
import { Player } from './player.js';
import { Recording } from './recording.js';

/** A finished run that is looked at again: its recording, how much of it is here, and where in it one is. */
export class Drawer {
  /** As the run list has it. */
  row;
  recording;
  player;
  /** reading | whole | too-long | forbidden | expired | unreachable | refused */
  status = 'reading';
  problem = '';
  interruptions = 0;
  /** What the slider counts: Events | Time */
  scale = 'Events';
  /** What stands unfolded, and what was copied; as in the page's view. */
  view = { open: new Set(), copied: undefined };
  #model;
  #abort = new AbortController();

  constructor(model, row) {
    this.#model = model;
    this.row = row;
    this.recording = new Recording(row.thread, row.run);
    this.player = new Player(this.recording, () => model.changed());
  }

  /** Fetches the run; what has come is shown meanwhile. */
  async read(session) {
    const { thread, run } = this.row;
    const download = new Download({ thread, run, token: () => session.token(), signal: this.#abort.signal });
    try {
      const whole = await download.read((frame, chars) => this.#take(frame, chars, download));
      this.status = whole ? 'whole' : 'too-long';
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.status = { 0: 'unreachable', 401: 'expired', 403: 'forbidden' }[error.status] ?? 'refused';
      this.problem = error.message;
    }
    this.interruptions = download.interruptions;
    this.#model.changed();
  }

  close() {
    this.player.pause();
    this.#abort.abort();
  }

  #take(frame, chars, { interruptions }) {
    if (!this.recording.take(frame, chars)) return false;
    this.interruptions = interruptions;
    this.player.grown();
    return true;
  }
}
