import { count, duration, latency } from '../format.js';
import { guard, html, nothing } from '../lib.js';
import { STATES } from '../states.js';
import { checkIcon } from './icons.js';
import { plot } from './plot.js';

const REFRESHES_PER_SECOND = 4;

/** What the page can prove of the delivery, and how fast it was. */
export function delivery(model) {
  return html`${proofCard(model)}${guard([Math.floor((Date.now() * REFRESHES_PER_SECOND) / 1000)], () => plots(model.meter))}`;
}

function proofCard({ timeline, interruption, connection }) {
  const run = timeline?.current;
  return html`<section class="card proof" aria-label="Proof of delivery">
    <div class="panel-head"><h2>Delivery</h2><span class="count">counted on this page</span></div>
    ${verdict(run)}
    <dl class="figures">
      ${figure('Received', run && timeline.received)} ${faults('Lost', run && timeline.lost)}
      ${faults('Doubled', run && timeline.doubled)}
    </dl>
    ${interruption ? trace(interruption, timeline, connection.failures) : invitation}
  </section>`;
}

const invitation = html`<p class="hint">
  Drop the connection in the middle of a run: the page resumes from its cursor, and this card tells whether anything is
  missing.
</p>`;

function verdict(run) {
  if (!run) return html`<p class="dense" data-tone="none">seq –</p>`;
  const { dense, last, announced, before, lost, doubled } = run.proof;
  if (dense) return html`<p class="dense" data-tone="good">${checkIcon}seq dense 1…${last}</p>`;
  if (announced)
    return html`<p class="dense" data-tone="warn">seq up to ${last}, ${announced} missing by a gap notice</p>`;
  if (lost === 0 && doubled === 0)
    return html`<p class="dense" data-tone="none">seq dense ${before + 1}…${last}, joined in its middle</p>`;
  return html`<p class="dense" data-tone="bad">seq up to ${last}, not dense</p>`;
}

function figure(name, n, tone = 'none') {
  return html`<div data-tone=${tone}><dt>${name}</dt><dd>${n?.toLocaleString('en') ?? '–'}</dd></div>`;
}

/** What should be 0. */
function faults(name, n) {
  return figure(name, n, n === undefined ? 'none' : n === 0 ? 'good' : 'bad');
}

function trace({ cause, steps, replayed, over, resumed }, timeline, failures) {
  return html`<ol class="trace" aria-label="The latest interruption">
      <li><span>0.0 s</span>${cause}</li>
      ${steps.map(({ state, afterMs }) => html`<li data-state=${state}><span>${duration(afterMs)}</span>${STATES[state].step}</li>`)}
    </ol>
    <p class="outcome">
      ${over ? nothing : failures > 1 ? `The edge does not answer. Try ${failures}…` : 'Away…'}
      ${resumed ? outcome(replayed, timeline) : nothing}
    </p>`;
}

function outcome(replayed, timeline) {
  const { lost, doubled } = timeline ?? { lost: 0, doubled: 0 };
  return html`${count(replayed, 'event')} replayed · <b>${lost} lost</b> · <b>${doubled} doubled</b>`;
}

function plots(meter) {
  const { seconds, p50, p99 } = meter.lastMinute(Date.now());
  const rates = seconds.map(({ count: n }) => ({ low: n, high: n }));
  const delays = seconds.map(({ typical, worst }) => ({ low: typical, high: worst }));
  return html`<section class="card meters" aria-label="Live measurements">
    ${plot({
      name: 'Events per second',
      about: 'received by this page',
      value: seconds.at(-2).count,
      aside: '',
      bars: rates,
      scale: 10,
      read: (n) => `${n}/s`,
    })}
    ${plot({
      name: 'Delivery latency',
      about: p50 < 0 ? 'negative: this machine’s clock is behind' : 'agent’s append → this page',
      value: latency(p50),
      aside: `median · p99 ${latency(p99)}`,
      bars: delays,
      scale: 40,
      read: latency,
    })}
  </section>`;
}
