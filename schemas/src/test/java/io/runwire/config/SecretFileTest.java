package io.runwire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {
  private static final int NOBODY = 65_534;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void create() throws IOException {
    file = folder.resolve("key");
    SecretFile.create(file, List.of("first", "second"));
  }

  @Test
  void isForItsOwnerAlone() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(SecretFile.read("key.file", file)).containsExactly("first", "second");
  }

  @Test
  void isNeverWrittenOver() {
    assertThatThrownBy(() -> SecretFile.create(file, List.of("other")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(SecretFile.read("key.file", file)).containsExactly("first", "second");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx--x---"})
  void isRefusedWhereOthersMayTouchIt(String permissions) throws IOException {
    if (isRoots()) {
      Files.setAttribute(file, "unix:uid", NOBODY);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(() -> SecretFile.read("key.file", file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("key.file", file.toString(), "for its owner alone");
  }

  @Test
  void mayBeReadByAGroupWhereItIsRoots() throws IOException {
    assumeTrue(isRoots(), "only root makes files of root's");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

    assertThat(SecretFile.read("key.file", file)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw----r--", "rw--w----", "r--r--r--"})
  void isNotForAllBecauseItIsRoots(String permissions) throws IOException {
    assumeTrue(isRoots(), "only root makes files of root's");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(() -> SecretFile.read("key.file", file)).isInstanceOf(ConfigException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"r--------", "rwx------"})
  void isReadWhateverItsOwnerMayDo(String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThat(SecretFile.read("key.file", file)).hasSize(2);
  }

  @Test
  void isNamedWhereItIsMissing() {
    assertThatThrownBy(() -> SecretFile.read("key.file", folder.resolve("none")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("key.file", "none", "expected a readable file");
  }

  private boolean isRoots() throws IOException {
    return Files.getAttribute(file, "unix:uid").equals(0);
  }
}
