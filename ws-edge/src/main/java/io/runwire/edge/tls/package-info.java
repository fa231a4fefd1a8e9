/**
 * TLS on the edge's ports: the certificate, and how it is exchanged while sockets stay open.
 *
 * <p>Start at {@link io.runwire.edge.tls.ServerCertificate}. Knows nothing of the rest of the edge
 * but its settings.
 */
@NullMarked
package io.runwire.edge.tls;

import org.jspecify.annotations.NullMarked;
