/** The frame in a message, or undefined if it is none. */
export function parse(data) {
  try {
    const frame = typeof data === 'string' ? JSON.parse(data) : undefined;
    if (typeof frame?.op !== 'string') return undefined;
    return frame.op === 'event' && typeof frame.event?.type !== 'string' ? undefined : frame;
  } catch {
    return undefined;
  }
}
