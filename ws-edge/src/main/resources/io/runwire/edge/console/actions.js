import { Drawer } from './drawer.js';
import { fetchToken, startDemoRun } from './edge.js';

const THREAD_ID = /^[A-Za-z0-9._~:-]{1,200}$/;
const HANDOUT_TTL_SECONDS = 900;
const COPIED_MS = 1_600;

/** What a person can do on the page. Each method is one deed; the views call them by name. */
export class Actions {
  #model;
  #session;
  #connection;
  #runList;

  constructor({ model, session, connection, runList }) {
    this.#model = model;
    this.#session = session;
    this.#connection = connection;
    this.#runList = runList;
  }

  /** With a token in hand: connects, and goes where the address points. */
  enter() {
    this.#model.phase = 'ready';
    this.#connection.open();
    this.#runList.refresh();
    this.goWhereTheHashPoints();
  }

  /** Forgets the token, and asks for another. */
  leave() {
    this.#session.forget();
    this.#connection.close();
    this.#runList.forget();
    this.closeReplay();
    this.#model.timeline = undefined;
    this.#model.phase = 'signed-out';
    this.#model.changed();
  }

  /** After the client has ended for good: begins anew where it stood. */
  reconnect() {
    this.#connection.close();
    if (this.#model.config.development) this.#session.forget();
    this.enter();
  }

  signIn(pasted) {
    this.#model.signIn.problem = this.#session.signIn(pasted);
    if (this.#model.signIn.problem) this.#model.changed();
    else this.enter();
  }

  goWhereTheHashPoints() {
    if (this.#model.phase !== 'ready') return;
    const named = new URLSearchParams(location.hash.slice(1)).get('thread');
    const thread = THREAD_ID.test(named) ? named : undefined;
    this.#model.view.following = true;
    this.#model.view.pane = 'timeline';
    this.#connection.follow(thread);
    this.renewHandout();
  }

  /** Takes a thread id as somebody typed it; false if it cannot be one. */
  openThread(id) {
    if (!THREAD_ID.test(id)) return false;
    location.hash = new URLSearchParams({ thread: id });
    return true;
  }

  async startDemo() {
    const { ask } = this.#model;
    const question = ask.question.trim();
    if (!question || ask.busy) return;
    Object.assign(ask, { busy: true, problem: undefined });
    this.#model.changed();
    try {
      const { thread } = await startDemoRun(question);
      this.openThread(thread);
      this.#runList.refresh();
    } catch (error) {
      ask.problem = `The run did not start: ${error.message}`;
    }
    ask.busy = false;
    this.#model.changed();
  }

  write(question) {
    Object.assign(this.#model.ask, { question, problem: undefined });
    this.#model.changed();
  }

  dropConnection() {
    this.#connection.drop();
  }

  retry() {
    this.#connection.retry();
  }

  blockWebSockets(blocked) {
    this.#connection.block(blocked);
  }

  show(part) {
    Object.assign(this.#model.view, part);
    this.#model.changed();
  }

  /** Looks at a finished run again, from its first event to its last. */
  openReplay(row) {
    this.#model.drawer?.close();
    this.#model.drawer = new Drawer(this.#model, row);
    this.#model.drawer.read(this.#session);
    this.#model.changed();
  }

  /** What the slider counts. */
  scaleReplay(scale) {
    this.#model.drawer.scale = scale;
    this.#model.changed();
  }

  closeReplay() {
    this.#model.drawer?.close();
    this.#model.drawer = undefined;
    this.#model.changed();
  }

  /** Opens or closes something that folds. */
  toggle(key, { open } = this.#model.view) {
    if (!open.delete(key)) open.add(key);
    this.#model.changed();
  }

  async copy(text, key, view = this.#model.view) {
    await putOnClipboard(text);
    view.copied = key;
    this.#model.changed();
    setTimeout(() => {
      if (view.copied === key) view.copied = undefined;
      this.#model.changed();
    }, COPIED_MS);
  }

  /** A token for this thread alone, to be used outside of the page. */
  async renewHandout() {
    const { config, timeline } = this.#model;
    this.#model.handout = undefined;
    if (!config.development || !timeline) return;
    const { thread } = timeline;
    const request = { ttlSeconds: HANDOUT_TTL_SECONDS, threads: [thread], actions: ['subscribe', 'history'] };
    const handout = await fetchToken(request).catch(() => undefined);
    if (this.#model.timeline?.thread !== thread) return;
    this.#model.handout = handout;
    this.#model.changed();
  }
}

async function putOnClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Over plain HTTP from another host there is no clipboard API.
  const area = Object.assign(document.createElement('textarea'), { value: text, className: 'unseen' });
  (document.querySelector('dialog[open]') ?? document.body).append(area); // what lies below a dialog is inert
  area.select();
  document.execCommand('copy');
  area.remove();
}
