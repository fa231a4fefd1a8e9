package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the JavaScript SDK can be made to read. */
class SdkFleetTest {
  private final List<String> told = new ArrayList<>();

  @Test
  void thereIsNoneOutsideOfACheckoutAndThatIsTold(@TempDir Path elsewhere) throws Exception {
    assertThat(SdkFleet.of(elsewhere, told::add)).isEmpty();
    assertThat(told).singleElement().asString().contains("no checkout at " + elsewhere);
  }

  @Test
  void aCheckoutHasOneWhereNodeHasAWebSocketAndElseItIsToldWhatIsMissing() throws Exception {
    boolean found = SdkFleet.of(Path.of(".."), told::add).isPresent();

    assertThat(told).hasSize(found ? 0 : 1).allMatch(why -> why.contains("npm ci"));
  }

  @Test
  void theCommandNamesTheScriptTheSdkAndTheOptions() {
    SdkFleet fleet = new SdkFleet(Path.of("/f/sdk-fleet.mjs"), Path.of("/s/index.js"));

    assertThat(fleet.command(List.of("--clients=3")))
        .containsExactly("node", "/f/sdk-fleet.mjs", "--sdk=/s/index.js", "--clients=3");
  }
}
