import { html } from '../lib.js';
import { isOver } from '../states.js';

/** What stands where a thread would, when there is none to show. */

export function loading() {
  return html`<main class="centre" aria-busy="true"><p class="late">Loading the console…</p></main>`;
}

export function unreachable() {
  return html`<main class="centre">
    <div class="blank">
      <h1>The edge does not answer</h1>
      <p>The page was loaded, but its edge has not answered since. It may be restarting.</p>
      <button type="button" class="button primary" @click=${() => location.reload()}>Try again</button>
    </div>
  </main>`;
}

export function welcome({ config }) {
  const start = config.demo
    ? html`Start a demo run above, and watch an agent think, call tools and write. Then drop your connection in the middle of it.`
    : html`Choose a run from the list, or open a thread by its id.`;
  return html`<div class="blank">
    <h1>Every event an agent emits, as it emits it</h1>
    <p>${start}</p>
    <ol class="way" aria-label="The way of an event">
      <li><b>Agent</b>writes AG-UI events</li>
      <li><b>Kafka</b>keeps them in one log</li>
      <li><b>Router</b>orders them by thread</li>
      <li><b>Edge</b>pushes from a cursor</li>
      <li><b>You</b>see them once, in order</li>
    </ol>
  </div>`;
}

export function waiting(thread) {
  return html`<div class="blank">
    <h1>Nothing here yet</h1>
    <p>No run has written to <code>${thread}</code>. The first event will show up by itself.</p>
  </div>`;
}

export function opening({ failures }) {
  if (failures > 1) {
    return html`<div class="blank">
      <h1>The edge does not answer</h1>
      <p>The page keeps trying, at ever longer intervals. Nothing needs to be done here.</p>
    </div>`;
  }
  return html`<div class="ghosts wide" aria-label="Opening the thread"><i></i><i></i><i></i></div>`;
}

const REFUSALS = {
  LOST_RIGHT: [
    'The right to this thread was lost',
    'What was received stays below. Ask for a token that grants “subscribe” on it, and connect again.',
  ],
  FORBIDDEN: [
    'This token may not read this thread',
    'Ask for one whose “threads” cover it, with the action “subscribe”.',
  ],
  EXPIRED: [
    'Your session has expired',
    'What was received stays below. With a new token the page reads the thread again.',
  ],
  REPLACED: [
    'Continued elsewhere',
    'This user opened more connections than the edge allows, so the oldest one was closed: this page. Nothing is lost; taking over closes the next oldest.',
  ],
};

/** The subscription or the client has ended for a reason that trying again would not mend. */
export function refused({ config, subscription, connection }, actions) {
  const code = codeOf(subscription, connection);
  const [title, text] = REFUSALS[code] ?? ['Disconnected', (subscription.error ?? connection.error)?.message ?? ''];
  const over = isOver(connection.state);
  const again = over && (connection.state !== 'expired' || config.development);
  return html`<div class="verdict" role="alert" data-state=${over ? connection.state : subscription.state}>
    <div><strong>${title}</strong><p>${text}</p></div>
    ${again ? deed(connection.state === 'evicted' ? 'Take over here' : 'Connect again', () => actions.reconnect()) : ''}
    ${!again && !config.development ? deed('Use another token', () => actions.leave()) : ''}
  </div>`;
}

function codeOf(subscription, connection) {
  if (connection.state === 'expired') return 'EXPIRED';
  const { code } = subscription.error ?? connection.error ?? {};
  return code === 'FORBIDDEN' && subscription.firstTs !== undefined ? 'LOST_RIGHT' : code;
}

function deed(name, act) {
  return html`<button type="button" class="button" @click=${act}>${name}</button>`;
}
