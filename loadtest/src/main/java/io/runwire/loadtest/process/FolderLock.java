package io.runwire.loadtest.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A broker's claim on its folder, taken before Kafka sees it: Kafka finds out late that another one
 * is there, and may end the whole process then.
 */
final class FolderLock implements AutoCloseable {
  private static final String FILE = ".runwire-lock";

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Claims the folder.
   *
   * @throws IOException if another broker, of this process or of another one, has it
   */
  static FolderLock claim(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return new FolderLock(channel);
      }
    } catch (OverlappingFileLockException ofThisProcess) {
      // Falls through to the one message.
    }
    channel.close();
    throw new IOException("another broker has this folder");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
