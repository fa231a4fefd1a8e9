package io.runwire.deploy.cli;

import io.runwire.audit.NotaryKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code runwire notary-key}: a new key to sign by. */
@Command(
    name = "notary-key",
    description = {
      "Makes a key for a notary.",
      "The file is the secret; what is printed is for those who verify."
    },
    mixinStandardHelpOptions = true)
final class NotaryKeyCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME",
      description = "The notary's name: a URL without scheme, e.g. example.org/runwire.")
  private String name = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where to write the secret; must not exist.")
  private Path out = Path.of("notary.key");

  @Override
  public Integer call() throws Exception {
    System.out.println(write(name, out));
    return 0;
  }

  /** Writes the secret for its owner's eyes, and returns the public key. */
  static String write(String name, Path file) throws Exception {
    NotaryKey key = NotaryKey.generate(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, key.secret() + "\n", StandardOpenOption.TRUNCATE_EXISTING);
    return key.publicKey().toString();
  }
}
