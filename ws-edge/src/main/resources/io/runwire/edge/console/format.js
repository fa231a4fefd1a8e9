/** 0.4 s, 12.3 s, 4:05, 1:02:09 */
export function duration(ms) {
  if (ms < 60_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (parts[0] === 0) parts.shift();
  return parts.map((part, i) => (i === 0 ? part : String(part).padStart(2, '0'))).join(':');
}

/** 7 ms, 1.2 s */
export function latency(ms) {
  if (ms === undefined) return '–';
  return Math.abs(ms) < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** now, 12 s ago, 4 min ago, 3 h ago, 2 d ago */
export function ago(ms) {
  if (ms < 5_000) return 'now';
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s ago`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ago`;
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)} h ago`;
  return `${Math.floor(ms / 86_400_000)} d ago`;
}

/** How much a text is in UTF-8: 812 B, 4.1 kB, 1.3 MB */
export function size(text) {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** 14:03:22 */
export function timeOfDay(ms) {
  return new Date(ms).toLocaleTimeString([], { hour12: false });
}

/** 1 event, 2 events */
export function count(n, noun) {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}

/** What fits into a line stays in one. */
const LINE_CHARS = 80;

/** JSON laid out to be read; as it stands if it is not whole (yet), or would not come back the same, like a long number. */
export function pretty(json) {
  try {
    const value = JSON.parse(json);
    const same = JSON.stringify(value).replace(/\s/g, '') === json.replace(/\s/g, '');
    return same ? layOut(value, '') : json;
  } catch {
    return json;
  }
}

function layOut(value, indent) {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || indent.length + line.length <= LINE_CHARS) return line;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((each) => layOut(each, inner))
    : Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${layOut(each, inner)}`);
  const [opening, closing] = Array.isArray(value) ? '[]' : '{}';
  return `${opening}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${closing}`;
}
