/**
 * RFC 6455 as a client sees it: some three hundred small conversations over raw sockets, sorted as
 * WebSocket test suites usually sort them.
 *
 * <p>Start at {@link io.runwire.edge.conformance.ConformanceTest}. The counts are published as
 * {@code docs/conformance.md}.
 */
@NullMarked
package io.runwire.edge.conformance;

import org.jspecify.annotations.NullMarked;
