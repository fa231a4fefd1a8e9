/**
 * Judges AG-UI events by @ag-ui/core, which is the reference: reads them from stdin, one per line.
 *
 * Prints {"accepted":n,"versions":[…]} if all versions accept all events, else where and why the first is refused,
 * {"accepted":n,"refused":{"line":n+1,"reasons":[…]}}, and exits with 1. No event at all is refused, too.
 */
import { buffer } from 'node:stream/consumers';
import { reasonsAgainst, VERSIONS } from './reference.js';

const LF = 0x0a;
const FIRST_PRINTABLE = 0x20;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const lines = linesOf(await buffer(process.stdin));
const refused = firstRefused(lines);
if (refused) {
  console.log(JSON.stringify({ accepted: refused.line - 1, refused }));
  process.exitCode = 1;
} else {
  console.log(JSON.stringify({ accepted: lines.length, versions: VERSIONS }));
}

function firstRefused(lines) {
  if (lines.length === 0) return { line: 1, reasons: ['no event on stdin'] };
  for (const [index, bytes] of lines.entries()) {
    const reasons = reasonsAgainstLine(bytes);
    if (reasons.length > 0) return { line: index + 1, reasons };
  }
  return undefined;
}

function reasonsAgainstLine(bytes) {
  if (bytes.some((byte) => byte < FIRST_PRINTABLE)) return ['a byte below 0x20'];
  let event;
  try {
    event = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    return [error.message];
  }
  return VERSIONS.flatMap((version) => reasonsAgainst(event, version));
}

/** Split at LF alone: a CR or U+2028 is no line end here. The LF behind the last line is optional. */
function linesOf(bytes) {
  const lines = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LF, start);
    lines.push(bytes.subarray(start, end === -1 ? bytes.length : end));
    start = end === -1 ? bytes.length : end + 1;
  }
  return lines;
}
