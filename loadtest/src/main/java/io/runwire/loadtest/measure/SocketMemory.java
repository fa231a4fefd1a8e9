package io.runwire.loadtest.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel holds for the TCP sockets of this machine, both ends of a loopback one. */
final class SocketMemory {
  private static final Path SOCKSTAT = Path.of("/proc/net/sockstat");
  private static final Pattern PAGES = Pattern.compile("(?m)^TCP: .* mem (\\d+)");

  /** The kernel's own unit; other page sizes do not occur where this runs. */
  private static final long PAGE_BYTES = 4_096;

  private SocketMemory() {}

  static long bytes() throws IOException {
    Matcher pages = PAGES.matcher(Files.readString(SOCKSTAT));
    if (!pages.find()) {
      throw new IOException(SOCKSTAT + ": no TCP memory (expected: Linux)");
    }
    return Long.parseLong(pages.group(1)) * PAGE_BYTES;
  }
}
