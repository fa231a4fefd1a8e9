package io.runwire.seal;

import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** The settings of payload encryption, the same for routers and edges. */
public final class SealSettings {
  static final String KEY_FILE = "payload.key.file";

  private static final String ENCRYPTION = "payload.encryption";
  private static final String WRAPPER = "payload.key.wrapper";

  private SealSettings() {}

  /** Adds the keys. */
  public static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            ENCRYPTION,
            Type.STRING,
            "off",
            ValidString.in("on", "off"),
            Importance.MEDIUM,
            "Whether routers seal values by a key of their thread, and edges open them.")
        .define(
            KEY_FILE,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "File of the key by which threads' keys are wrapped, as 'runwire payload-key' wrote it.")
        .define(
            WRAPPER,
            Type.CLASS,
            MasterKeyFile.class,
            Importance.LOW,
            "What wraps the threads' keys; another class for a key management service.");
  }

  /**
   * Reads the settings: what wraps keys, where encryption is on.
   *
   * @throws org.apache.kafka.common.config.ConfigException if there is no key to wrap by
   */
  public static Optional<KeyWrapper> of(AbstractConfig config) {
    return config.getString(ENCRYPTION).equals("on")
        ? Optional.of(config.getConfiguredInstance(WRAPPER, KeyWrapper.class))
        : Optional.empty();
  }
}
