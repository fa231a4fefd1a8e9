package io.runwire.edge.tls;

import io.runwire.edge.settings.TlsSettings;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.config.ConfigException;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate with which the ports are served. Its files are looked at now and then; what has
 * changed and is sound serves the connections that come from then on, what is broken leaves the old
 * certificate in place. Open connections stay as they are. Thread-safe.
 */
public final class ServerCertificate implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerCertificate.class);

  private final TlsSettings settings;
  private final Clock clock;
  private final SslContextFactory.Server context;
  private final ScheduledFuture<?> looks;
  private final AtomicLong failures = new AtomicLong();

  /** When it ceases to be valid, in seconds since 1970. */
  private volatile long expirySeconds;

  // Only the thread that looks touches these.
  private CertificateFiles seen;
  private String told = "";

  /**
   * Loads the certificate and keeps it up to date.
   *
   * @param thread for looks at the files; the caller ends it
   * @throws ConfigException if the files hold no certificate that can be served
   */
  public static ServerCertificate open(
      TlsSettings settings, Clock clock, ScheduledExecutorService thread) throws Exception {
    try {
      CertificateFiles files = CertificateFiles.read(settings.source());
      return new ServerCertificate(settings, clock, thread, files, files.parse(clock.instant()));
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigException(
          "tls: " + settings.source() + " (expected: a valid certificate and its key): " + e);
    }
  }

  private ServerCertificate(
      TlsSettings settings,
      Clock clock,
      ScheduledExecutorService thread,
      CertificateFiles files,
      KeyStore store)
      throws Exception {
    this.settings = settings;
    this.clock = clock;
    seen = files;
    context = context(store);
    context.start();
    expirySeconds = expiry(store);
    long everyMs = settings.reload().toMillis();
    looks = thread.scheduleWithFixedDelay(this::look, everyMs, everyMs, TimeUnit.MILLISECONDS);
  }

  /** What a port speaks: HTTP, inside TLS where there is a certificate. */
  public static ConnectionFactory[] protocols(
      Optional<ServerCertificate> certificate, HttpConfiguration http) {
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    if (certificate.isEmpty()) {
      return new ConnectionFactory[] {plain};
    }
    // A balancer may ask for us by address; tokens protect us, not the name in the request.
    http.addCustomizer(new SecureRequestCustomizer(false));
    return new ConnectionFactory[] {
      new SslConnectionFactory(certificate.get().context, HttpVersion.HTTP_1_1.asString()), plain
    };
  }

  /** When the certificate that is served ceases to be valid, in seconds since 1970. */
  public long expirySeconds() {
    return expirySeconds;
  }

  /** Looks that found something that cannot be served, so far. */
  public long failures() {
    return failures.get();
  }

  @Override
  public void close() throws Exception {
    looks.cancel(false);
    context.stop();
  }

  private void look() {
    try {
      CertificateFiles files = CertificateFiles.read(settings.source());
      if (!files.sameAs(seen)) {
        exchange(files.parse(clock.instant()));
        seen = files;
      }
      told = "";
    } catch (Exception e) {
      failures.incrementAndGet();
      if (!told.equals(e.toString())) {
        log.warn(
            "the old certificate stays, {} cannot be served: {}", settings.source(), e.toString());
      }
      told = e.toString();
    }
  }

  private void exchange(KeyStore store) throws Exception {
    // A context that failed to reload would serve nobody: let another one fail first.
    SslContextFactory.Server trial = context(store);
    trial.start();
    trial.stop();
    context.reload(running -> running.setKeyStore(store));
    expirySeconds = expiry(store);
    log.info("serves a new certificate, valid until {}", CertificateFiles.own(store).getNotAfter());
  }

  private static SslContextFactory.Server context(KeyStore store) {
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setKeyStore(store);
    context.setKeyStorePassword(CertificateFiles.PASSWORD);
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return context;
  }

  private static long expiry(KeyStore store) throws GeneralSecurityException {
    return CertificateFiles.own(store).getNotAfter().toInstant().getEpochSecond();
  }
}
