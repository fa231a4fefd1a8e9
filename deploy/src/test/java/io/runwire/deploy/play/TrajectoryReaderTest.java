package io.runwire.deploy.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrajectoryReaderTest {
  @TempDir Path folder = Path.of("");

  @Test
  void readsStepsAndEndAndSkipsTheRest() throws IOException {
    Trajectory trajectory =
        read(
            "{\"environment\":\"main\",\"trajectory\":["
                + "{\"action\":\"ls -F\",\"observation\":\"a\\r\\n\\tb\",\"response\":\"r\","
                + "\"thought\":\"t\",\"execution_time\":0.25,\"state\":{\"open\":[1,{}]},"
                + "\"messages\":[{\"content\":\"long\"}]},"
                + "{\"action\":\"submit\",\"observation\":null,\"thought\":\"u\"}],"
                + "\"history\":[],\"info\":{\"exit_status\":\"submitted\","
                + "\"submission\":\"diff\\n\",\"model_stats\":{\"cost\":1.5}}}");

    assertThat(trajectory.steps())
        .containsExactly(
            new TrajectoryStep("t", "r", "ls -F", "a\r\n\tb", Duration.ofMillis(250)),
            new TrajectoryStep("u", "", "submit", "", Duration.ZERO));
    assertThat(trajectory.exitStatus()).contains("submitted");
    assertThat(trajectory.submission()).contains("diff\n");
    assertThat(trajectory.longestExecution()).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void whatClaimsToHaveTakenForEverIsCut() throws IOException {
    assertThat(read("{\"trajectory\":[{\"execution_time\":1e300}]}").longestExecution())
        .isEqualTo(TrajectoryReader.MAX_EXECUTION);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the file: empty",
        "[] | the file: START_ARRAY (expected: START_OBJECT)",
        "{} | trajectory: absent (expected: an array of steps)",
        "{\"trajectory\":{}} | trajectory: START_OBJECT (expected: START_ARRAY)",
        "{\"trajectory\":[]} | trajectory: empty (expected: an array of steps)",
        "{\"trajectory\":[{},7]} | trajectory[1]: VALUE_NUMBER_INT (expected: START_OBJECT)",
        "{\"trajectory\":[{\"action\":[]}]} | trajectory[0].action: START_ARRAY (expected: text)",
        "{\"trajectory\":[{\"execution_time\":\"long\"}]} | trajectory[0].execution_time: 'long'",
        "{\"trajectory\":[{\"execution_time\":-1}]} | trajectory[0].execution_time: -1",
        "{\"trajectory\":[{\"action\":\"ls\"} | cannot be read as JSON in line 1",
        "PK\u0003\u0004 | cannot be read as JSON in line 1"
      })
  void saysWhatIsWrongWithAnotherFile(String content, String complaint) throws IOException {
    Path file = Files.writeString(folder.resolve("other.traj"), content);

    assertThatThrownBy(() -> Trajectory.read(file))
        .isInstanceOf(NotATrajectoryException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(complaint);
  }

  @Test
  void aFileThatIsNotThereIsNoTrajectoryError() {
    assertThatIOException()
        .isThrownBy(() -> Trajectory.read(folder.resolve("absent.traj")))
        .isNotInstanceOf(NotATrajectoryException.class);
  }

  private Trajectory read(String json) throws IOException {
    return Trajectory.read(Files.writeString(folder.resolve("a.traj"), json));
  }
}
