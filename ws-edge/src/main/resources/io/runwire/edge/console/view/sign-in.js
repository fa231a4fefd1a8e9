import { html, nothing } from '../lib.js';

const CLAIM = `"authorization_details": [{
  "type": "runwire",
  "actions": ["subscribe", "history", "ledger"],
  "threads": ["*"]
}]`;

export function signIn({ signIn: { problem } }, actions) {
  const submit = (event) => {
    event.preventDefault();
    actions.signIn(new FormData(event.target).get('token'));
  };
  return html`<main class="centre">
    <form class="card sign-in" @submit=${submit}>
      <h1>Sign in with a token</h1>
      <p>Paste a JWT that your identity provider issued for Runwire. It decides which threads this page may read.</p>
      <label for="token">Token</label>
      <textarea id="token" name="token" class="field" rows="5" required spellcheck="false" autocomplete="off"
        placeholder="eyJhbGciOi…" aria-describedby="token-note" aria-invalid=${Boolean(problem)}></textarea>
      <p id="token-note" class="field-note" ?data-problem=${problem} role=${problem ? 'alert' : nothing}>
        ${problem ?? 'It stays in this tab, and is gone when the tab is closed.'}
      </p>
      <button class="button primary">Sign in</button>
      <details>
        <summary>What must it grant?</summary>
        <pre>${CLAIM}</pre>
        <p><code>subscribe</code> follows live, <code>history</code> shows what was before, <code>ledger</code> lists runs.</p>
      </details>
    </form>
  </main>`;
}
