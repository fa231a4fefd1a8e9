import { EXAMPLES } from '../examples.js';
import { html, live } from '../lib.js';

export function ask({ ask: { question, busy, problem } }, actions) {
  const start = (event) => {
    event.preventDefault();
    actions.startDemo();
  };
  return html`<form class="ask" @submit=${start}>
    <div class="ask-row">
      <label class="unseen" for="question">Question for the demo agent</label>
      <input id="question" class="field" autocomplete="off" maxlength="500" .value=${live(question)}
        @input=${({ target }) => actions.write(target.value)} placeholder="Ask the demo agent something">
      <button id="start-demo" class="button primary" ?disabled=${!question.trim()} aria-busy=${busy}>Start a demo run</button>
    </div>
    <div class="ask-more">
      ${EXAMPLES.map((example) => chip(example, example === question, actions))}
    </div>
    <p class="ask-note" role=${problem ? 'alert' : 'note'} ?data-problem=${problem}>
      ${problem ?? 'A keyword agent searches this project’s sources. Its events take the same way as any agent’s: Kafka, router, edge, this page.'}
    </p>
  </form>`;
}

function chip(example, chosen, actions) {
  return html`<button type="button" class="chip" aria-pressed=${chosen} @click=${() => actions.write(example)}>${example}</button>`;
}
