import { html, nothing } from '../lib.js';
import { checkIcon, copyIcon } from './icons.js';

const NAMES = { curl: 'curl', sdk: 'JavaScript' };

/** The same thread from somebody else's code, ready to be pasted. */
export function snippets(model, actions) {
  const { timeline, handout, view, config } = model;
  if (!timeline) return nothing;
  const token = handout?.token ?? '<your token>';
  const text = SNIPPETS[view.snippet](timeline.thread, token);
  return html`<section class="card snippets" aria-label="Use it from your code">
    <div class="panel-head">
      <h2>From your code</h2>
      <div class="tabs" role="group" aria-label="Snippet">
        ${Object.keys(NAMES).map((key) => tab(key, key === view.snippet, actions))}
      </div>
      <button type="button" class="copy" aria-label="Copy the snippet" @click=${() => actions.copy(text, 'snippet')}>
        ${view.copied === 'snippet' ? checkIcon : copyIcon}
      </button>
    </div>
    <pre class="snippet" tabindex="0"><code>${shortened(text, handout?.token)}</code></pre>
    ${note({ handout, config, snippet: view.snippet }, actions)}
  </section>`;
}

function tab(key, chosen, actions) {
  return html`<button type="button" aria-pressed=${chosen} @click=${() => actions.show({ snippet: key })}>${NAMES[key]}</button>`;
}

const SNIPPETS = {
  curl: (thread, token) => `TOKEN='${token}'

curl -N '${location.origin}/v1/threads/${thread}/events?from=earliest' \\
  -H 'Accept: text/event-stream' \\
  -H "Authorization: Bearer $TOKEN"`,

  sdk: (thread, token) => `const { connect } = await import('/sdk/index.js');

const client = connect({
  url: location.origin,
  getToken: () => '${token}',
});
const from = 'earliest';
for await (const frame of client.thread('${thread}', { from })) {
  console.log(frame.seq, frame.event);
}`,
};

/** The token is there in full, to be selected and copied, and takes the room of a few letters. */
function shortened(text, token) {
  if (!token) return text;
  const [before, after] = text.split(token);
  return html`${before}<span class="token">${token}</span>${after}`;
}

function note({ handout, config, snippet }, actions) {
  const where = snippet === 'sdk' ? 'Runs in the console of this page’s developer tools. ' : '';
  if (!config.development) return html`<p class="hint">${where}The token is yours to fill in.</p>`;
  const left = handout ? Math.ceil((handout.exp * 1000 - Date.now()) / 60_000) : undefined;
  if (left > 0) return html`<p class="hint">${where}The token reads this thread alone, for ${left} min.</p>`;
  return html`<p class="hint">
    ${where}<button type="button" class="link" @click=${() => actions.renewHandout()}>Get a token</button>
  </p>`;
}
