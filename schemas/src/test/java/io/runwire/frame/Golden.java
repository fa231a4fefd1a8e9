package io.runwire.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;

/** The frames as they stand on the wire, byte for byte: a file each, and the cursor in them. */
final class Golden {
  static final Cursor CURSOR =
      new Cursor(
          new LogIdentity(new Uuid(1, 2), new Uuid(3, 4), 8), 3, 64, 2, 63, Cursor.hash("t"));

  private static final Path FOLDER = Path.of("src/test/resources/io/runwire/frame");

  private Golden() {}

  /** The frame in the file of that name, without the line break that ends the file. */
  static String frame(String name) throws IOException {
    String file = Files.readString(FOLDER.resolve(name + ".json"), UTF_8);
    return file.substring(0, file.length() - 1);
  }
}
