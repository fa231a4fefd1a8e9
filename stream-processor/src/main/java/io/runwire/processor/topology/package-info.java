/**
 * The router: agent-events in, thread-events out, or rejected-events, or agent-events once more.
 *
 * <p>Start at {@link io.runwire.processor.topology.Routing}, the rule; {@link
 * io.runwire.processor.topology.Router} wires it into Kafka Streams. Pure: the only state is the
 * store, the only time that of the records. Must not import anything of the other packages here.
 */
@NullMarked
package io.runwire.processor.topology;

import org.jspecify.annotations.NullMarked;
