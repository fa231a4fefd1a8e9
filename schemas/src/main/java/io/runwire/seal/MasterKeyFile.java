package io.runwire.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.config.ConfigException;

/**
 * Wraps by a master key from a file that its owner alone can read, as {@code runwire payload-key}
 * writes it. The file may have several, a line each: the first one wraps, each unwraps what it
 * wrapped.
 */
public final class MasterKeyFile implements KeyWrapper, Configurable {
  private static final Set<PosixFilePermission> NOT_THE_OWNERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

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
    try {
      refuseIfOthersMayRead(path);
      List<MasterKey> read = new ArrayList<>();
      for (String line : Files.readAllLines(path)) {
        read.add(MasterKey.parse(line).orElseThrow(() -> noKey(path)));
      }
      if (read.isEmpty()) {
        throw noKey(path);
      }
      keys = List.copyOf(read);
    } catch (IOException e) {
      throw new ConfigException(
          SealSettings.KEY_FILE, path, "expected a readable file (" + e + ")");
    }
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

  private static void refuseIfOthersMayRead(Path path) throws IOException {
    if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
      return; // nothing can be said of it
    }
    Set<PosixFilePermission> others = Files.getPosixFilePermissions(path);
    others.retainAll(NOT_THE_OWNERS);
    if (!others.isEmpty()) {
      throw new ConfigException(
          SealSettings.KEY_FILE, path, "expected a file for its owner alone, found " + others);
    }
  }

  private static ConfigException noKey(Path path) {
    return new ConfigException(
        SealSettings.KEY_FILE, path, "expected keys as 'runwire payload-key' writes them");
  }
}
