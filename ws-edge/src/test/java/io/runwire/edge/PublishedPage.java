package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page below {@code docs} that says what the tests check, word for word, so that it cannot go
 * stale. {@code -Dpublish} writes it anew.
 */
public record PublishedPage(String name, String content) {
  public void assertCurrent() throws IOException {
    Path file = Path.of("..", "docs", name); // tests run in their module's folder
    if (System.getProperty("publish") != null) {
      Files.writeString(file, content);
    }
    assertThat(Files.readString(file))
        .as("docs/%s (write it anew: -Dpublish with this test)", name)
        .isEqualTo(content);
  }
}
