/** How near to the end one must be to be taken along. */
const NEAR_PX = 48;

/** Keeps the end of the timeline in view while the reader is there, and leaves them alone once they have scrolled up. */
export function followTheEnd({ view }) {
  const scroller = document.getElementById('timeline');
  if (scroller && view.following) scroller.scrollTop = scroller.scrollHeight;
}

/** Whether the scroller stands at its end. */
export function atTheEnd(scroller) {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
}
