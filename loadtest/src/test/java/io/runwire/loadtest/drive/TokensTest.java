package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
  @TempDir Path directory = Path.of("");

  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("tokens"), "a\nb\n");
  }

  @Test
  void dealsThemOutInTurn() {
    Tokens tokens = new Tokens(file);
    assertThat(tokens.of(0)).isEqualTo("a");
    assertThat(tokens.of(1)).isEqualTo("b");
    assertThat(tokens.of(2)).isEqualTo("a");
  }

  @Test
  void readsAFileThatHasChangedAndOutlivesItsLoss() throws IOException {
    Tokens tokens = new Tokens(file);
    Files.writeString(file, "c\n");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertThat(tokens.of(1)).isEqualTo("c");
    Files.delete(file);
    assertThat(tokens.of(1)).isEqualTo("c");
  }

  @Test
  void refusesAFileWithoutAToken() throws IOException {
    Files.writeString(file, "\n");
    assertThatIllegalArgumentException().isThrownBy(() -> new Tokens(file));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tokens(directory.resolve("none")))
        .withMessageContaining("--token-file");
  }
}
