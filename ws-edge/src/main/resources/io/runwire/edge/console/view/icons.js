import { html, svg } from '../lib.js';

function icon(shape) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>`;
}

export const logo = html`<svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
  <rect width="32" height="32" rx="8"></rect>
  <path d="M5 16h5.5l3-7 5 14 3-7H27"></path>
  <circle cx="27" cy="16" r="2.6"></circle>
</svg>`;

export const chevron = icon(svg`<path d="m6 4 4 4-4 4"></path>`);
export const copyIcon = icon(
  svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"></rect><path d="M3.5 10.5h-.2A.8.8 0 0 1 2.5 9.7V3.3c0-.4.4-.8.8-.8h6.4c.4 0 .8.4.8.8v.2"></path>`,
);
export const checkIcon = icon(svg`<path d="m3.5 8.5 3 3 6-7"></path>`);
export const toolIcon = icon(svg`<path d="m5.5 4.5-3 3.5 3 3.5M10.5 4.5l3 3.5-3 3.5"></path>`);
export const cutIcon = icon(svg`<path d="M2 8h3.5M10.500 8H14M7 5 6 3M9 11l1 2M9.500 5l1.500-2M6.500 11 5 13"></path>`);
export const downIcon = icon(svg`<path d="M8 3v10M4 9l4 4 4-4"></path>`);
export const playIcon = icon(svg`<path d="M5 3.500v9l7.500-4.500L5 3.500Z"></path>`);
export const pauseIcon = icon(svg`<path d="M5.500 3.500v9M10.500 3.500v9"></path>`);
export const backIcon = icon(svg`<path d="M10 3.500 5.500 8l4.500 4.500"></path>`);
export const forthIcon = icon(svg`<path d="M6 3.500 10.500 8 6 12.500"></path>`);
export const startIcon = icon(svg`<path d="M4 3.500v9M12 3.500 7.500 8l4.500 4.500"></path>`);
export const endIcon = icon(svg`<path d="M12 3.500v9M4 3.500 8.500 8 4 12.500"></path>`);
export const closeIcon = icon(svg`<path d="m4 4 8 8M12 4l-8 8"></path>`);
export const replayIcon = icon(svg`<path d="m3 4 4.500 4L3 12M8.500 4 13 8l-4.500 4"></path>`);
export const warnIcon = icon(svg`<path d="M8 2.500 14 13H2L8 2.500ZM8 6.500v3M8 11.300v.2"></path>`);

const GLYPHS = {
  running: svg`<circle class="halo" cx="8" cy="8" r="6"></circle><circle class="core" cx="8" cy="8" r="3"></circle>`,
  retrying: svg`<path d="M13 8a5 5 0 1 1-1.600-3.700M13 2.500v2.800h-2.800"></path>`,
  finished: svg`<circle cx="8" cy="8" r="6"></circle><path d="m5.500 8.200 1.800 1.800 3.200-3.800"></path>`,
  error: svg`<circle cx="8" cy="8" r="6"></circle><path d="M8 5v3.500M8 10.800v.2"></path>`,
  interrupted: svg`<circle cx="8" cy="8" r="6"></circle><path d="M6.500 6v4M9.500 6v4"></path>`,
  cancelled: svg`<circle cx="8" cy="8" r="6"></circle><path d="M5.500 8h5"></path>`,
};

/** The sign of a run's status; its name is always written next to it or in a label. */
export function glyph(status) {
  return html`<svg class="icon glyph" data-status=${status} viewBox="0 0 16 16" aria-hidden="true">${GLYPHS[status]}</svg>`;
}
