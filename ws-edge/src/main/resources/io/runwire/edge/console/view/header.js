import { html, nothing } from '../lib.js';
import { isOver, STATES } from '../states.js';
import { cutIcon, logo } from './icons.js';

export function header(model, actions) {
  return html`<header class="bar">
    <a class="brand" href="#" aria-label="Runwire, start page">${logo}<span>Runwire</span></a>
    ${model.phase === 'ready' ? controls(model, actions) : nothing}
  </header>`;
}

function controls({ connection, subscription, interruption, config }, actions) {
  const { edge, failures, transport } = connection;
  // A thread that may not be read is not live, however well the connection is.
  const state = isOver(subscription.state) && subscription.error ? subscription.state : connection.state;
  const away = interruption && !interruption.over;
  const droppable = !away && (state === 'live' || state === 'replaying');
  const tries = failures > 1 && state !== 'live' ? `, try ${failures}` : '';
  return html`<span class="edge" title="The edge that this page is connected to">${edge ?? ''}</span>
    <span class="controls">
      <span id="connection" class="pill" data-state=${state}><i></i>${STATES[state].label}${tries}</span>
      ${transport === 'sse' ? fallback : nothing}
      <button id="drop-connection" type="button" class="button" ?disabled=${!droppable}
        title="Cuts this page's WebSocket for two seconds, as a network failure would"
        @click=${() => actions.dropConnection()}>${cutIcon}<span>Drop my connection</span></button>
      ${config.development ? gate(connection, actions) : signOut(actions)}
    </span>`;
}

const fallback = html`<span id="transport" class="pill quiet" title="No WebSocket could be opened. The same frames come as server-sent events; a WebSocket is tried again now and then.">over HTTP</span>`;

/** For developers: what a proxy does that lets only plain HTTP through. */
function gate({ blocked }, actions) {
  return html`<button id="block-websockets" type="button" class="button" aria-pressed=${blocked}
    title="Lets no WebSocket through, as some proxies do: the page goes on by server-sent events"
    @click=${() => actions.blockWebSockets(!blocked)}>Block WebSockets</button>`;
}

function signOut(actions) {
  return html`<button type="button" class="button quiet" @click=${() => actions.leave()}>Sign out</button>`;
}
