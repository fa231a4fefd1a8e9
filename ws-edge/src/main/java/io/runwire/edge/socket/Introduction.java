package io.runwire.edge.socket;

import io.runwire.edge.access.Verdict;
import io.runwire.edge.bounds.Network;
import io.runwire.frame.ClientFrame.Subscribe;
import java.util.Optional;

/**
 * What a handshake says of the socket to come.
 *
 * @param token what came of the token that it carried; empty where it carried none
 * @param subscription the one that its query asks for
 */
record Introduction(Network from, Optional<Verdict> token, Optional<Subscribe> subscription) {}
