package io.runwire.deploy.cli;

import io.runwire.audit.Judgement;
import io.runwire.audit.NotaryPublicKey;
import io.runwire.audit.Verification;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code runwire verify}: what a bundle proves. Asks nobody. */
@Command(
    name = "verify",
    description = {
      "Says what a bundle proves, or which record is missing, added, altered or moved.",
      "Reads the file and the key, and nothing else."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:proven, and the run has ended",
      "1:not proven: each finding is printed",
      "2:wrong usage",
      "3:proven so far: the run had not ended when it was signed last"
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int NOT_PROVEN = 1;
  private static final int NOT_ENDED = 3;

  @Parameters(paramLabel = "BUNDLE", description = "What 'runwire export' wrote.")
  private Path bundle = Path.of("bundle");

  @Option(
      names = "--key",
      required = true,
      paramLabel = "KEY",
      description = "The notary's public key, or a file with it: from somewhere you trust.")
  private String key = "";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Verification verification = new Verification(publicKey());
    try (BufferedReader lines = Files.newBufferedReader(bundle, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        verification.line(line);
      }
    }
    Judgement judgement = verification.judge();
    judgement.findings().forEach(finding -> System.err.println(finding));
    System.out.println(judgement.sentence());
    if (!judgement.proven()) {
      return NOT_PROVEN;
    }
    return judgement.ended().orElse(true) ? 0 : NOT_ENDED;
  }

  private NotaryPublicKey publicKey() throws IOException {
    Optional<NotaryPublicKey> given = NotaryPublicKey.parse(key);
    if (given.isEmpty() && Files.isReadable(Path.of(key))) {
      given = NotaryPublicKey.parse(Files.readString(Path.of(key)));
    }
    return given.orElseThrow(
        () ->
            new ParameterException(
                Objects.requireNonNull(spec, "set by picocli").commandLine(),
                "--key: '" + key + "' (expected: <name>+<id>+<base64>, or a file with it)"));
  }
}
