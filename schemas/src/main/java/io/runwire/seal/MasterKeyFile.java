package io.runwire.seal;

import io.runwire.config.SecretFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.config.ConfigException;

/**
 * Wraps by a master key from a file that its owner alone can read, as {@code runwire payload-key}
 * writes it. The file may have several, a line each: the first one wraps, each unwraps what it
 * wrapped.
 */
public final class MasterKeyFile implements KeyWrapper, Configurable {
  private List<MasterKey> keys = List.of();

  /**
   * Reads the file.
   *
   * @throws ConfigException if it cannot be read, others can read it too, or a line is no key
   */
  @Override
  public void configure(Map<String, ?> settings) {
    Object file = settings.get(SealSettings.KEY_FILE);
    if (file == null || file.toString().isEmpty()) {
      throw new ConfigException(SealSettings.KEY_FILE, file, "expected the master key's file");
    }
    Path path = Path.of(file.toString());
    List<MasterKey> read = new ArrayList<>();
    for (String line : SecretFile.read(SealSettings.KEY_FILE, path)) {
      read.add(MasterKey.parse(line).orElseThrow(() -> noKey(path)));
    }
    if (read.isEmpty()) {
      throw noKey(path);
    }
    keys = List.copyOf(read);
  }

  @Override
  public byte[] wrap(KeyName name, byte[] dataKey) {
    return keys.get(0).wrap(name, dataKey);
  }

  @Override
  public byte[] unwrap(KeyName name, byte[] wrapped) {
    return keys.stream()
        .map(key -> key.unwrap(name, wrapped))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(
            () ->
                new KeysUnavailableException(
                    "key " + name + " was not wrapped by a key of " + SealSettings.KEY_FILE));
  }

  private static ConfigException noKey(Path path) {
    return new ConfigException(
        SealSettings.KEY_FILE, path, "expected keys as 'runwire payload-key' writes them");
  }
}
