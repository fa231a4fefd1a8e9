package io.runwire.edge.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedCSV;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.InetAddressSet;

/**
 * Takes a proxy's word for where a client is ({@code X-Forwarded-For}, or {@code Forwarded} where
 * that is what our proxies write), if the proxy is one of ours. Anybody can send these headers, and
 * a proxy adds to the one that it writes and passes on the other: so only that one is read, from
 * the right, and the first address that is not a trusted proxy's is the client's.
 *
 * <p>Jetty's ForwardedRequestCustomizer believes everybody, and the leftmost address.
 */
public final class TrustedProxies implements HttpConfiguration.Customizer {
  // A literal, so that nothing is looked up: InetAddress asks the name service for anything else.
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");

  private final InetAddressSet trusted = new InetAddressSet();
  private final HttpHeader header;

  /**
   * @param trusted addresses and networks, e.g. {@code 10.0.0.0/8}
   * @param header the header that they write
   * @throws ConfigException for one that is neither
   */
  public TrustedProxies(Collection<String> trusted, String header) {
    this.header =
        HttpHeader.FORWARDED.is(header) ? HttpHeader.FORWARDED : HttpHeader.X_FORWARDED_FOR;
    for (String each : trusted) {
      try {
        this.trusted.add(each);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(
            "trusted.proxies: " + each + " (expected: an address or a network, 10.0.0.0/8)");
      }
    }
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    if (!(request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress peer)
        || !trusted(peer.getAddress())) {
      return request;
    }
    InetSocketAddress client =
        client(request.getHeaders()).map(address -> new InetSocketAddress(address, 0)).orElse(peer);
    return new Told(request, client);
  }

  /** Whether that is one of ours. */
  boolean trusted(InetAddress address) {
    return trusted.test(address);
  }

  /** The first address from the right that is no proxy of ours; empty if none is told. */
  private Optional<InetAddress> client(HttpFields headers) {
    List<String> hops = hops(headers);
    Collections.reverse(hops);
    Optional<InetAddress> nearest = Optional.empty();
    for (String hop : hops) {
      Optional<InetAddress> address = literal(hop);
      if (address.isEmpty()) {
        break; // "unknown", or nonsense: what stands left of it is hearsay
      }
      nearest = address;
      if (!trusted(address.get())) {
        break;
      }
    }
    return nearest;
  }

  private List<String> hops(HttpFields headers) {
    if (header == HttpHeader.X_FORWARDED_FOR) {
      return new ArrayList<>(headers.getCSV(header, false));
    }
    List<String> hops = new ArrayList<>();
    for (String hop : new QuotedCSV(false, headers.getValuesList(header).toArray(String[]::new))) {
      hops.add(
          Arrays.stream(hop.split(";"))
              .filter(parameter -> parameter.toLowerCase(Locale.ROOT).startsWith("for="))
              .map(parameter -> parameter.substring("for=".length()))
              .findFirst()
              .orElse("unknown"));
    }
    return hops;
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      String host =
          text.startsWith("[") || text.indexOf(':') == text.lastIndexOf(':')
              ? new HostPort(text).getHost()
              : text;
      String bare = host == null ? "" : host.replaceAll("^\\[|]$", "");
      boolean literal = bare.indexOf(':') >= 0 || IPV4.matcher(bare).matches();
      return literal
          ? Optional.of(InetAddress.getByName(bare.indexOf(':') >= 0 ? "[" + bare + "]" : bare))
          : Optional.empty();
    } catch (IllegalArgumentException | UnknownHostException notAnAddress) {
      return Optional.empty();
    }
  }

  /** The request as the client made it. */
  private static final class Told extends Request.Wrapper {
    private final ConnectionMetaData connection;

    Told(Request request, InetSocketAddress client) {
      super(request);
      this.connection =
          new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
            @Override
            public SocketAddress getRemoteSocketAddress() {
              return client;
            }
          };
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
      return connection;
    }
  }
}
