package io.runwire.loadtest.drive;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Clients by the real JavaScript SDK, in a process of Node.js: what they hand on is journaled like
 * what the light clients receive. For dozens of clients, not thousands.
 *
 * @param script {@code sdk-fleet.mjs}
 * @param sdk the SDK's {@code index.js}
 */
public record SdkFleet(Path script, Path sdk) {
  // A Node before 22 has no WebSocket of its own and takes the package `ws`, installed with the
  // SDK.
  private static final String HAS_WEBSOCKET =
      "globalThis.WebSocket ?? require('node:module').createRequire(process.argv[1])('ws')";

  /**
   * That of a checkout of this project, or empty where it cannot run.
   *
   * @param why told what is missing
   */
  public static Optional<SdkFleet> of(Path checkout, Consumer<String> why)
      throws InterruptedException {
    Path script = checkout.resolve("loadtest/src/main/node/sdk-fleet.mjs").toAbsolutePath();
    Path sdk = checkout.resolve("ws-edge/client/src/index.js").toAbsolutePath();
    if (!Files.isReadable(script) || !Files.isReadable(sdk)) {
      why.accept("no clients by the JavaScript SDK: no checkout at " + checkout.toAbsolutePath());
      return Optional.empty();
    }
    if (!succeeds("node", "--eval", HAS_WEBSOCKET, sdk.toString())) {
      why.accept(
          "no clients by the JavaScript SDK: no Node.js with a WebSocket"
              + " (Node 22, or `npm ci` in ws-edge/client)");
      return Optional.empty();
    }
    return Optional.of(new SdkFleet(script, sdk));
  }

  /**
   * The command that starts them.
   *
   * @param options of the script, but {@code --sdk}
   */
  public List<String> command(List<String> options) {
    List<String> command = new ArrayList<>(List.of("node", script.toString(), "--sdk=" + sdk));
    command.addAll(options);
    return command;
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException notThere) {
      return false;
    }
  }
}
