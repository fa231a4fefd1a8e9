package io.runwire.edge.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.CrossOriginHandler;

/**
 * What pages of other origins may do. Over HTTP the browser decides, by what we answer (the CORS
 * protocol); a WebSocket it opens for anyone, so there the handshake asks {@link #of} and {@link
 * #self}.
 */
public final class CrossOrigin {
  private static final String ANY = "*";
  private static final Duration PREFLIGHT_MAX_AGE = Duration.ofMinutes(10);

  private CrossOrigin() {}

  /**
   * Lets pages of the allowed origins read what {@code api} answers, with a token in the header.
   * Others may ask, as any program may, but their browser keeps the answer from them.
   *
   * @param origins exact ones, or {@code *}
   */
  public static Handler around(Handler api, Set<String> origins) {
    CrossOriginHandler handler = new CrossOriginHandler();
    handler.setAllowedOriginPatterns(
        origins.stream()
            .map(origin -> origin.equals(ANY) ? ANY : Pattern.quote(origin))
            .collect(Collectors.toSet()));
    handler.setAllowCredentials(false); // no cookies here
    handler.setAllowedMethods(Set.of("GET"));
    handler.setAllowedHeaders(Set.of("Authorization", "Last-Event-ID", "Cache-Control"));
    handler.setExposedHeaders(Set.of("Retry-After", "WWW-Authenticate", ReplayStream.TO));
    handler.setPreflightMaxAge(PREFLIGHT_MAX_AGE);
    handler.setDeliverPreflightRequests(false);
    handler.setDeliverNonAllowedOriginRequests(true);
    handler.setHandler(api);
    return handler;
  }

  /** The origin of the page that asks; of several, which no browser sends, one that is none. */
  public static Optional<String> of(Request request) {
    List<String> given = request.getHeaders().getValuesList(HttpHeader.ORIGIN);
    return request.getHeaders().contains(HttpHeader.ORIGIN)
        ? Optional.of(String.join(", ", given))
        : Optional.empty();
  }

  /**
   * The origin under which this edge was asked. What a proxy says of the scheme is believed,
   * whoever says it: a page cannot set that header on a handshake, and other programs need no
   * origin at all. The host is that of the request; a proxy that changes it needs {@code origins}.
   */
  public static String self(Request request) {
    String forwarded = request.getHeaders().get(HttpHeader.X_FORWARDED_PROTO);
    boolean secure = forwarded == null ? request.isSecure() : forwarded.equals("https");
    return (secure ? "https" : "http")
        + "://"
        + Optional.ofNullable(request.getHeaders().get(HttpHeader.HOST)).orElse("");
  }
}
