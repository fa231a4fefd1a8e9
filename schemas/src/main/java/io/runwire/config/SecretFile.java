package io.runwire.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;

/**
 * A file with secrets, for its owner's eyes alone where the file system knows owners. A group may
 * read what root owns, as it has to where an orchestrator mounts secrets for a process that is not
 * root's; libpq keeps the same rule for its keys.
 */
public final class SecretFile {
  private static final String OWNERS = "rw-------";
  private static final int ROOT = 0;
  private static final Set<PosixFilePermission> NOT_THE_OWNERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private SecretFile() {}

  /**
   * Writes a new file.
   *
   * @throws IOException also where there is one already
   */
  public static void create(Path file, List<String> lines) throws IOException {
    FileAttribute<?>[] attributes =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNERS))
            }
            : new FileAttribute<?>[0];
    Files.createFile(file, attributes);
    Files.write(file, lines);
  }

  /**
   * The lines of the file that a setting names.
   *
   * @throws ConfigException if it cannot be read, or others can read it too
   */
  public static List<String> read(String setting, Path file) {
    try {
      refuseIfOthersMayRead(setting, file);
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new ConfigException(setting, file, "expected a readable file (" + e + ")");
    }
  }

  private static void refuseIfOthersMayRead(String setting, Path file) throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return; // nothing can be said of it
    }
    Set<PosixFilePermission> others = Files.getPosixFilePermissions(file);
    others.retainAll(NOT_THE_OWNERS);
    if (Integer.valueOf(ROOT).equals(Files.getAttribute(file, "unix:uid"))) {
      others.remove(PosixFilePermission.GROUP_READ);
    }
    if (!others.isEmpty()) {
      throw new ConfigException(
          setting,
          file,
          "expected a file for its owner alone, or of root's that a group may read; found "
              + others);
    }
  }
}
