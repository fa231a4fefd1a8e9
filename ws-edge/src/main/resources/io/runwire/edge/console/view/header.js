import { html, nothing } from '../lib.js';
import { cutIcon, logo } from './icons.js';

const LABELS = {
  connecting: 'Connecting',
  replaying: 'Replaying',
  live: 'Live',
  reconnecting: 'Reconnecting',
  expired: 'Expired',
  ended: 'Disconnected',
};

export function header(model, actions) {
  return html`<header class="bar">
    <a class="brand" href="#" aria-label="Runwire, start page">${logo}<span>Runwire</span></a>
    ${model.phase === 'ready' ? controls(model, actions) : nothing}
  </header>`;
}

function controls({ connection, interruption, config }, actions) {
  const { state, edge, failures } = connection;
  const away = interruption && !interruption.over;
  const droppable = !away && (state === 'live' || state === 'replaying');
  return html`<span class="edge" title="The edge that this page is connected to">${edge ?? ''}</span>
    <span class="controls">
      <span id="connection" class="pill" data-state=${state}><i></i>${LABELS[state]}${failures > 1 ? `, try ${failures}` : ''}</span>
      <button id="drop-connection" type="button" class="button" ?disabled=${!droppable}
        title="Cuts this page's WebSocket for two seconds, as a network failure would"
        @click=${() => actions.dropConnection()}>${cutIcon}Drop my connection</button>
      ${config.development ? nothing : signOut(actions)}
    </span>`;
}

function signOut(actions) {
  return html`<button type="button" class="button quiet" @click=${() => actions.leave()}>Sign out</button>`;
}
