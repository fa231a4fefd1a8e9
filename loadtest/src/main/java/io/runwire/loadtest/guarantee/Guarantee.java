package io.runwire.loadtest.guarantee;

/**
 * A promise to those who watch agents, and what in the journals would break it.
 *
 * <p>Each misbehaviour belongs to one guarantee, so that a verdict names the cause:
 *
 * <table>
 * <caption>Who owns what</caption>
 * <tr><td>an event of another thread or run than asked for<td>{@link NoLeak}
 * <tr><td>an event that nobody sent; other bytes or another end mark than the log's; one cursor for
 *     two events<td>{@link SamePositionSameBytes}
 * <tr><td>an event for the second time<td>{@link NothingDoubled}
 * <tr><td>an event after a higher one of its run<td>{@link OrderedPerRun}
 * <tr><td>an event after the end of its run; a final terminal event that alone is missing<td>{@link
 *     ExactlyOneFinalTerminal}
 * <tr><td>an event that was jumped over: the client saw later ones of the thread, and no gap notice
 *     <td>{@link NoSilentGap}
 * <tr><td>an event missing behind the last one that a client saw, or missing in the log<td>{@link
 *     NothingLost}
 * <tr><td>runs interleaved in another way than in the log; an event that the log does not hold, or
 *     holds only as one to be skipped<td>{@link ReplayEqualsLive}
 * </table>
 *
 * <p>The histories in the guarantees' javadoc are of one run: {@code 1 2 3.} is what a client saw,
 * by seq, the point marks the final terminal event.
 */
interface Guarantee {
  void check(History history, Findings findings);
}
