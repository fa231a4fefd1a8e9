package io.runwire.processor.audit;

import io.runwire.audit.Checkpoint;
import io.runwire.audit.Origin;
import io.runwire.audit.SignedCheckpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The checkpoints outside of Kafka: a file for each partition, to which notes are only appended, an
 * empty line and {@code ===} between. Who sets Kafka back cannot set this back with it.
 *
 * <p>One thread at a time.
 */
final class CheckpointArchive {
  private static final String BETWEEN = "===\n";

  /** Enough for the last note and the one before it, should the last be torn. */
  private static final int TAIL_BYTES = 64 << 10;

  private final Path folder;

  CheckpointArchive(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** Appends the notes of one log, in order, and waits until the disk has them. */
  void append(Origin origin, List<SignedCheckpoint> signed) throws IOException {
    StringBuilder notes = new StringBuilder();
    signed.forEach(checkpoint -> notes.append(checkpoint.note()).append(BETWEEN));
    try (FileChannel file =
        FileChannel.open(
            file(origin),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND)) {
      ByteBuffer out = ByteBuffer.wrap(notes.toString().getBytes(StandardCharsets.UTF_8));
      while (out.hasRemaining()) {
        file.write(out);
      }
      file.force(false);
    }
  }

  /** The last whole note of a log. */
  Optional<Checkpoint> last(Origin origin) throws IOException {
    Path path = file(origin);
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    String tail = tail(path);
    for (int end = tail.lastIndexOf(BETWEEN); end >= 0; end = tail.lastIndexOf(BETWEEN, end - 1)) {
      int begin = tail.lastIndexOf(BETWEEN, end - 1);
      Optional<SignedCheckpoint> note =
          SignedCheckpoint.parse(tail.substring(begin < 0 ? 0 : begin + BETWEEN.length(), end));
      if (note.isPresent()) {
        return note.map(SignedCheckpoint::checkpoint);
      }
    }
    return Optional.empty();
  }

  private static String tail(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      long from = Math.max(0, file.size() - TAIL_BYTES);
      ByteBuffer in = ByteBuffer.allocate((int) (file.size() - from));
      while (in.hasRemaining() && file.read(in, from + in.position()) >= 0) {
        // reads on
      }
      return new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
    }
  }

  private Path file(Origin origin) {
    return folder.resolve(origin.topicId() + "-" + origin.partition() + ".checkpoints");
  }
}
