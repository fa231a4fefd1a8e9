package io.runwire.deploy.cli;

import io.runwire.audit.NotaryKey;
import io.runwire.config.SecretFile;
import java.nio.file.Path;
import java.util.List;
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
    NotaryKey key = NotaryKey.generate(name);
    SecretFile.create(out, List.of(key.secret()));
    System.out.println(key.publicKey());
    return 0;
  }
}
