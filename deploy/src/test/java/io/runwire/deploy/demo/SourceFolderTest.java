package io.runwire.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.runwire.deploy.demo.SourceFolder.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceFolderTest {
  @TempDir Path temp = Path.of("");
  private Path folder = Path.of("");

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temp.resolve("inside"));
  }

  @Test
  void listsFilesByNameAndReadsTheirLines() throws IOException {
    write("b.md", "two\r\nlines");
    write("src/a.java", "ä\n");
    SourceFolder source = SourceFolder.open(folder);

    assertThat(source.list().files())
        .containsExactly(new Entry("b.md", 10), new Entry("src/a.java", 3));
    assertThat(source.list().complete()).isTrue();
    assertThat(source.read("b.md")).contains(List.of("two", "lines"));
    assertThat(source.read("src/a.java")).contains(List.of("ä"));
  }

  @Test
  void leavesOutWhatIsBuiltDownloadedHiddenOrSecret() throws IOException {
    write("target/classes/A.java", "x");
    write("a/node_modules/b/index.js", "x");
    write(".git/config", "x");
    write(".env", "PASSWORD=x");
    write("server.KEY", "x");
    write("kept.txt", "x");

    assertThat(names()).containsExactly("kept.txt");
  }

  @Test
  void looksIntoAFolderThatIsItselfNamedLikeThat() throws IOException {
    Path target = Files.createDirectory(temp.resolve("target"));
    Files.writeString(target.resolve("a.txt"), "x");

    assertThat(SourceFolder.open(target).list().files()).hasSize(1);
  }

  @Test
  void neverLeavesTheFolder() throws IOException {
    Path secret = Files.writeString(temp.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(folder.resolve("link.txt"), secret);
    Files.createSymbolicLink(folder.resolve("up"), temp);
    write("kept.txt", "x");
    SourceFolder source = SourceFolder.open(folder);

    assertThat(names()).containsExactly("kept.txt");
    assertThatIOException().isThrownBy(() -> source.read("link.txt"));
    assertThatIOException().isThrownBy(() -> source.read("up/secret.txt"));
    assertThatIOException().isThrownBy(() -> source.read("../secret.txt"));
    assertThatIOException().isThrownBy(() -> source.read(secret.toString()));
  }

  @Test
  void aFileThatBecameALinkIsNotRead() throws IOException {
    write("real.txt", "x");
    SourceFolder source = SourceFolder.open(folder);
    Files.createSymbolicLink(folder.resolve("inner.txt"), folder.resolve("real.txt"));

    assertThatIOException().isThrownBy(() -> source.read("inner.txt"));
  }

  @Test
  void readsNoBinaryAndNothingHuge() throws IOException {
    Files.write(folder.resolve("a.bin"), new byte[] {1, 0, 2});
    Files.write(folder.resolve("latin1.txt"), new byte[] {'a', (byte) 0xe4});
    write("huge.txt", "x".repeat(SourceFolder.MAX_FILE_BYTES + 1));
    SourceFolder source = SourceFolder.open(folder);

    assertThat(source.read("a.bin")).isEmpty();
    assertThat(source.read("latin1.txt")).isEmpty();
    assertThat(names()).doesNotContain("huge.txt");
    assertThatIOException().isThrownBy(() -> source.read("huge.txt"));
  }

  @Test
  void saysWhenThereAreMoreFilesThanItLooksAt() throws IOException {
    for (int i = 0; i <= SourceFolder.MAX_FILES; i++) {
      Files.createFile(folder.resolve("f" + i));
    }
    SourceFolder.Listing listing = SourceFolder.open(folder).list();

    assertThat(listing.files()).hasSize(SourceFolder.MAX_FILES);
    assertThat(listing.complete()).isFalse();
  }

  @Test
  void refusesWhatIsNoFolder() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));

    assertThatIOException().isThrownBy(() -> SourceFolder.open(file));
    assertThatIOException().isThrownBy(() -> SourceFolder.open(temp.resolve("absent")));
  }

  private List<String> names() throws IOException {
    return SourceFolder.open(folder).list().files().stream().map(Entry::name).toList();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
