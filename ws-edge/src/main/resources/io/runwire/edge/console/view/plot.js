import { html, svg } from '../lib.js';

const WIDTH = 300;
const HEIGHT = 48;
const GAP = 1.5;

/**
 * A small plot of the last minute: one bar per second, solid up to `low` and faint up to `high`.
 * The plot reaches up to the highest bar, but at least to `scale`. Pointing at a bar reads it.
 */
export function plot({ name, about, value, aside, bars, scale, read }) {
  const peak = Math.max(0, ...bars.map(({ high }) => high ?? 0));
  const top = Math.max(peak, scale);
  return html`<figure class="plot" @pointermove=${(event) => point(event, bars, read)} @pointerleave=${unpoint}>
    <figcaption><span>${name}</span><b>${value}</b><small>${about}</small><small>${aside}</small></figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${`${name}: ${value}, ${aside}`}>
      ${bars.map((each, i) => bar(each, i, { top, step: WIDTH / bars.length }))}
    </svg>
    <div class="scale"><span>60 s ago</span><span class="read"></span><span>${peak > 0 ? `peak ${read(peak)}` : ''}</span></div>
  </figure>`;
}

function bar({ low, high }, i, { top, step }) {
  const [x, width] = [i * step, step - GAP];
  const tall = (value) => Math.max(1, (Math.max(0, value ?? 0) / top) * HEIGHT);
  return svg`<rect class="faint" x=${x} width=${width} y=${HEIGHT - tall(high)} height=${tall(high)}></rect>
    <rect class="solid" x=${x} width=${width} y=${HEIGHT - tall(low)} height=${low ? tall(low) : 0}></rect>`;
}

function point({ currentTarget, clientX }, bars, read) {
  const { left, width } = currentTarget.querySelector('svg').getBoundingClientRect();
  const i = Math.min(bars.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * bars.length)));
  const { low, high } = bars[i];
  const shown =
    low === undefined ? 'nothing measured' : low === high ? read(low) : `${read(low)}, at most ${read(high)}`;
  currentTarget.querySelector('.read').textContent = `${bars.length - i} s ago: ${shown}`;
}

function unpoint({ currentTarget }) {
  currentTarget.querySelector('.read').textContent = '';
}
