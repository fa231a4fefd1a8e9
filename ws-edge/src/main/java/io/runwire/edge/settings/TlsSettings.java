package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * How the ports are encrypted, where they are.
 *
 * @param reload how often the files are looked at
 * @param management whether the management port is encrypted, too
 */
public record TlsSettings(Source source, Duration reload, boolean management) {
  /** Where certificate and key lie. */
  public sealed interface Source {}

  /** A chain, the server's own certificate first, and its key (PKCS#8), both as PEM. */
  public record Pem(Path certificate, Path key) implements Source {}

  /** A store with one key and its chain. The password is withheld when printed. */
  public record Pkcs12(Path file, Password password) implements Source {}

  private static final String CERTIFICATE = "tls.certificate";
  private static final String KEY = "tls.key";
  private static final String KEYSTORE = "tls.keystore";
  private static final String PASSWORD = "tls.keystore.password";
  private static final String RELOAD = "tls.reload.ms";
  private static final String MANAGEMENT = "tls.management";

  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    keys.define(CERTIFICATE, Type.STRING, null, MEDIUM, "PEM file of the certificate chain.")
        .define(KEY, Type.STRING, null, MEDIUM, "PEM file of its key, PKCS#8.")
        .define(KEYSTORE, Type.STRING, null, MEDIUM, "PKCS#12 file, instead of the two.")
        .define(PASSWORD, Type.PASSWORD, null, MEDIUM, "Of the PKCS#12 file.")
        .define(RELOAD, Type.LONG, 10_000L, atLeast(100), MEDIUM, "Between looks at the files.")
        .define(MANAGEMENT, Type.BOOLEAN, false, MEDIUM, "Encrypt the management port, too.");
  }

  /**
   * Reads them; empty if nothing is encrypted.
   *
   * @throws ConfigException if half of what belongs together is missing
   */
  public static Optional<TlsSettings> of(AbstractConfig values) {
    Optional<Source> source = source(values);
    boolean management = values.getBoolean(MANAGEMENT);
    if (source.isEmpty() && management) {
      throw new ConfigException(
          MANAGEMENT + ": true (expected: beside " + CERTIFICATE + " or " + KEYSTORE + ")");
    }
    Duration reload = Duration.ofMillis(values.getLong(RELOAD));
    return source.map(from -> new TlsSettings(from, reload, management));
  }

  private static Optional<Source> source(AbstractConfig values) {
    @Nullable String certificate = values.getString(CERTIFICATE);
    @Nullable String key = values.getString(KEY);
    @Nullable String keystore = values.getString(KEYSTORE);
    @Nullable Password password = values.getPassword(PASSWORD);
    together(CERTIFICATE, certificate, KEY, key);
    together(KEYSTORE, keystore, PASSWORD, password);
    if (certificate != null && keystore != null) {
      throw new ConfigException(
          KEYSTORE + ": " + keystore + " (expected: not beside " + CERTIFICATE + ")");
    }
    if (certificate != null && key != null) {
      return Optional.of(new Pem(Path.of(certificate), Path.of(key)));
    }
    return keystore != null && password != null
        ? Optional.of(new Pkcs12(Path.of(keystore), password))
        : Optional.empty();
  }

  private static void together(
      String name, @Nullable Object value, String otherName, @Nullable Object other) {
    if ((value == null) != (other == null)) {
      throw new ConfigException(
          (value == null ? name : otherName)
              + ": none (expected: beside "
              + (value == null ? otherName : name)
              + ")");
    }
  }
}
