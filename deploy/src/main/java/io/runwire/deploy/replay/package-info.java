/**
 * A replay as somebody at a terminal wants it: fetched from an edge, over interruptions, and shown
 * as lines, as CloudEvents or as a transcript.
 *
 * <p>Start at {@link io.runwire.deploy.replay.ReplayDownload}; the commands are in {@code cli}.
 * What became of each event comes from edge-deliveries, by {@link
 * io.runwire.deploy.replay.WithDeliveries}.
 */
@NullMarked
package io.runwire.deploy.replay;

import org.jspecify.annotations.NullMarked;
