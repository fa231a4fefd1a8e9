package io.runwire.edge.http;

import io.runwire.edge.access.Grants;
import io.runwire.edge.access.TokenVerifier;
import io.runwire.edge.access.Verdict;
import io.runwire.edge.access.Verdict.Granted;
import io.runwire.edge.access.Verdict.Refused;
import io.runwire.frame.ErrorCode;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The bearer token of an HTTP request (RFC 6750, header only: never in the URL). */
public final class Bearer {
  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  public static Optional<String> token(Request request) {
    return Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION))
        .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(header -> header.substring(SCHEME.length()).trim());
  }

  /** What the request's token grants; where it grants nothing, the refusal is written already. */
  static Optional<Grants> grants(
      TokenVerifier verifier, Request request, Response response, Callback callback) {
    Optional<String> token = token(request);
    if (token.isEmpty()) {
      challenge(response, callback, ErrorCode.UNAUTHENTICATED, "a bearer token is needed");
      return Optional.empty();
    }
    Verdict verdict = verifier.verify(token.get());
    if (verdict instanceof Granted granted) {
      return Optional.of(granted.grants());
    }
    ErrorCode code = ((Refused) verdict).refusal().errorCode();
    if (code == ErrorCode.KEYS_UNAVAILABLE) {
      Problem.write(response, callback, code, "the token cannot be judged now");
    } else {
      challenge(response, callback, code, "the token is not valid");
    }
    return Optional.empty();
  }

  private static void challenge(
      Response response, Callback callback, ErrorCode code, String detail) {
    response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"runwire\"");
    Problem.write(response, callback, code, detail);
  }
}
