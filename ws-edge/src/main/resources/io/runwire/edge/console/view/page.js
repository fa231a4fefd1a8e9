import { html } from '../lib.js';
import { ask } from './ask.js';
import { delivery } from './delivery.js';
import { drawer } from './drawer.js';
import { header } from './header.js';
import { runs } from './runs.js';
import { signIn } from './sign-in.js';
import { snippets } from './snippets.js';
import { loading, unreachable } from './states.js';
import { thread } from './thread.js';

/** What a phone shows one at a time. */
const PANES = ['runs', 'timeline', 'delivery'];

/** The whole page as a function of the model. */
export function page(model, actions) {
  return html`${header(model, actions)}${body(model, actions)}${drawer(model, actions)}
    <div class="unseen" role="status" aria-live="polite">${model.announcement}</div>`;
}

function body(model, actions) {
  switch (model.phase) {
    case 'loading':
      return loading();
    case 'unreachable':
      return unreachable();
    case 'signed-out':
      return signIn(model, actions);
    default:
      return desk(model, actions);
  }
}

function desk(model, actions) {
  const { pane } = model.view;
  return html`<main class="desk" data-pane=${pane}>
      <nav class="runs" aria-label="Runs">${runs(model, actions)}</nav>
      <section class="stage" aria-label="Thread">${model.config.demo ? ask(model, actions) : ''}${thread(model, actions)}</section>
      <aside class="side" aria-label="Delivery">${delivery(model, actions)}${snippets(model, actions)}</aside>
    </main>
    <nav class="panes" aria-label="Parts of the page">
      ${PANES.map((name) => tab(name, name === pane, actions))}
    </nav>`;
}

function tab(name, chosen, actions) {
  return html`<button type="button" aria-pressed=${chosen} @click=${() => actions.show({ pane: name })}>${name}</button>`;
}
