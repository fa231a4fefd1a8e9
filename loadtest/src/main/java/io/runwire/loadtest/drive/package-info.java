/**
 * What drives the system from outside: clients that know nothing but the wire contract, and agents
 * that write through the real producer, both with a journal.
 *
 * <p>Start at {@link io.runwire.loadtest.drive.ClientFleetMain} and {@link
 * io.runwire.loadtest.drive.AgentFleetMain}; the light client is {@code LightClient} over {@code
 * Link} over {@code NioLine}. For a test with one socket there is {@link
 * io.runwire.loadtest.drive.WireClient}. Must not import the edge's code.
 *
 * <p>Threads: a {@code LineLoop} owns its sockets, their links and clients; other threads hand it
 * commands. An agent's run is moved by one worker at a time.
 */
@NullMarked
package io.runwire.loadtest.drive;

import org.jspecify.annotations.NullMarked;
