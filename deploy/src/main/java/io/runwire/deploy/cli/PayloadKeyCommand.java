package io.runwire.deploy.cli;

import io.runwire.config.SecretFile;
import io.runwire.seal.MasterKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code runwire payload-key}: a new key to wrap threads' keys by. */
@Command(
    name = "payload-key",
    description = {
      "Makes the master key of payload encryption, for payload.key.file of routers and edges.",
      "Without it nothing that was encrypted can be read: keep a copy where you keep secrets.",
      "A file may hold several keys, a line each: the first one wraps, all unwrap."
    },
    mixinStandardHelpOptions = true)
final class PayloadKeyCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where to write the secret; must not exist.")
  private Path out = Path.of("payload.key");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    SecretFile.create(out, List.of(MasterKey.generate().secret()));
    Objects.requireNonNull(spec, "set by picocli")
        .commandLine()
        .getOut()
        .println(out + ": for its owner's eyes alone");
    return 0;
  }
}
