package io.runwire.edge.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer that publishes its keys over HTTP and signs with them. Thread-safe. */
public final class KeyServer implements AutoCloseable {
  private record Answer(int status, String body) {}

  private final HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Answer answer;

  public KeyServer(JWK... keys) throws IOException {
    answer = publishing(keys);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jwks",
        exchange -> {
          asked.incrementAndGet();
          Answer now = answer;
          byte[] body = now.body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(now.status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  public static RSAKey rsa(String kid) {
    try {
      return new RSAKeyGenerator(2048).keyID(kid).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static ECKey ec(String kid) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A header as that key's owner would write it. */
  public static JWSHeader.Builder header(JWK key) {
    JWSAlgorithm algorithm = key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
    return new JWSHeader.Builder(algorithm).keyID(key.getKeyID());
  }

  public static String sign(JWSHeader header, JWK key, JWTClaimsSet claims) {
    try {
      SignedJWT jwt = new SignedJWT(header, claims);
      jwt.sign(new DefaultJWSSignerFactory().createJWSSigner(key, header.getAlgorithm()));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String sign(JWK key, JWTClaimsSet claims) {
    return sign(header(key).build(), key, claims);
  }

  public void publish(JWK... keys) {
    answer = publishing(keys);
  }

  public void answer(int status, String body) {
    answer = new Answer(status, body);
  }

  private static Answer publishing(JWK... keys) {
    return new Answer(200, new JWKSet(List.of(keys)).toPublicJWKSet().toString());
  }

  public int asked() {
    return asked.get();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks";
  }

  public Map<String, String> settings() {
    return Map.of("token.jwks.url", url());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
