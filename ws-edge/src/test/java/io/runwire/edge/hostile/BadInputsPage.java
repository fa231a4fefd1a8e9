package io.runwire.edge.hostile;

import io.runwire.edge.PublishedPage;
import java.util.List;

/** {@code docs/bad-inputs.md}. */
final class BadInputsPage {
  private static final String HEAD =
      """
      # Bad inputs

      What an edge answers to peers that mean harm or are broken. Each line is a test over a real socket
      (`BadInputsTest`), which also checks that the figure in the last column goes up by one, that another
      client of the same edge has its events once and in order meanwhile, that nothing is left behind,
      that no thread dies, and that the log has nothing above its debug level. The page is written by the tests:

      ```
      ./mvnw -pl ws-edge -am verify -Dtest=BadInputsTest -Dsurefire.failIfNoSpecifiedTests=false -Dpublish
      ```

      Besides, an honest client's traffic is spoiled at random (`FuzzTest`: bytes of frames, JSON, cursors,
      requests), 400 times in each build and as often as one likes by

      ```
      ./mvnw -pl ws-edge -am verify -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false -Dfuzz.rounds=100000
      ```

      which prints its seed (`-Dfuzz.seed` repeats it), and for a failure the input in hex.

      After an `error` the connection goes on; a `close` ends it. An answer over HTTP is a problem
      document (RFC 9457). No answer holds a stack trace or what the server is made of. Tokens have their own
      tests (`TokenVerifierTest`), as has configuration (`EdgeConfigTest`).
      """;

  private final StringBuilder page = new StringBuilder(HEAD);

  BadInputsPage section(String title, List<BadInput> inputs) {
    page.append("\n## ")
        .append(title)
        .append("\n\n| input | answer | counted by |\n|---|---|---|\n");
    for (BadInput input : inputs) {
      page.append("| ")
          .append(input.name())
          .append(" | ")
          .append(input.answer().words())
          .append(" | ")
          .append(input.answer().countedBy().map(sample -> "`" + sample + "`").orElse("–"))
          .append(" |\n");
    }
    return this;
  }

  PublishedPage published() {
    return new PublishedPage("bad-inputs.md", page.toString());
  }
}
