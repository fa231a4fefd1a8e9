import { html } from '../lib.js';

const INDENT = '    ';
const QUOTED = /(`[^`\n]+`)/;

/**
 * A message's text with what is indented or stands in backticks set as code. No char is added or left out: the
 * textContent of what comes of it is the text.
 */
export function prose(text) {
  return blocks(text).map(({ code, chars }) => (code ? html`<code class="block">${chars}</code>` : inline(chars)));
}

/** The text cut where code begins and ends; a blank line between two lines of code belongs to it. */
export function blocks(text) {
  const cut = [];
  let code = false;
  let start = 0;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at) + 1 || text.length;
    const isCode = text.startsWith(INDENT, at) || (code && text.slice(at, end).trim() === '');
    if (isCode !== code && at > start) {
      cut.push({ code, chars: text.slice(start, at) });
      start = at;
    }
    code = isCode;
    at = end;
  }
  if (start < text.length) cut.push({ code, chars: text.slice(start) });
  return cut;
}

function inline(chars) {
  return chars.split(QUOTED).map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));
}
