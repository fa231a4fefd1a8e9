package io.runwire.deploy.audit;

import io.runwire.audit.NotaryKey;
import io.runwire.audit.NotaryPublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A notary's secret as a file. */
public final class NotaryKeyFile {
  private NotaryKeyFile() {}

  /**
   * Makes a key and writes its secret for its owner's eyes, where the file system knows such.
   *
   * @param name of the notary
   * @param file must not exist
   */
  public static NotaryPublicKey create(String name, Path file) throws IOException {
    NotaryKey key = NotaryKey.generate(name);
    Files.createFile(file, ownerOnly(file));
    Files.writeString(file, key.secret() + "\n", StandardOpenOption.TRUNCATE_EXISTING);
    return key.publicKey();
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
