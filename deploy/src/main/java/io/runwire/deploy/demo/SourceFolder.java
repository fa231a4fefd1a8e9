package io.runwire.deploy.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The text files of one folder, within bounds: neither what was built or downloaded, nor what is
 * hidden or looks like a key, and never anything outside, whatever links there are.
 */
final class SourceFolder {
  /** Files beyond these are not looked at, and the listing says so. */
  static final int MAX_FILES = 5_000;

  static final long MAX_TOTAL_BYTES = 64L << 20;
  static final int MAX_FILE_BYTES = 256 << 10;
  private static final int MAX_DEPTH = 32;

  private static final Set<String> IGNORED_FOLDERS =
      Set.of("target", "build", "dist", "out", "node_modules", "venv", "__pycache__");
  private static final List<String> IGNORED_ENDINGS = List.of(".pem", ".key", ".p12", ".jks");

  private final Path root;

  private SourceFolder(Path root) {
    this.root = root;
  }

  /**
   * Opens a folder.
   *
   * @throws IOException if it does not exist
   */
  static SourceFolder open(Path folder) throws IOException {
    Path root = folder.toRealPath();
    if (!Files.isDirectory(root)) {
      throw new IOException("folder: " + folder + " (expected: a folder)");
    }
    return new SourceFolder(root);
  }

  /**
   * What there is to read.
   *
   * @param files in the order of their names
   * @param complete whether that is all, within the bounds
   */
  record Listing(List<Entry> files, boolean complete) {
    long bytes() {
      return files.stream().mapToLong(Entry::bytes).sum();
    }
  }

  /**
   * A file.
   *
   * @param name relative to the folder, with slashes
   */
  record Entry(String name, long bytes) {}

  Listing list() throws IOException {
    Walk walk = new Walk();
    Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), MAX_DEPTH, walk);
    List<Entry> files = new ArrayList<>(walk.files);
    files.sort(Comparator.comparing(Entry::name));
    return new Listing(files, walk.complete);
  }

  /**
   * The lines of a file, or empty where it is no text.
   *
   * @throws IOException if it cannot be read, has grown too large, or is no longer inside
   */
  Optional<List<String>> read(String name) throws IOException {
    Path file = root.resolve(name);
    if (!file.toRealPath().startsWith(root)) {
      throw new IOException(name + ": outside of the folder");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      bytes = in.readNBytes(MAX_FILE_BYTES + 1);
    }
    if (bytes.length > MAX_FILE_BYTES) {
      throw new IOException(name + ": more than " + MAX_FILE_BYTES + " bytes");
    }
    return text(bytes).map(text -> text.lines().toList());
  }

  private static Optional<String> text(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    final List<Entry> files = new ArrayList<>();
    boolean complete = true;
    private long bytes;

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      String name = nameOf(folder);
      boolean ignored = isHidden(name) || IGNORED_FOLDERS.contains(name);
      return ignored && !folder.equals(root)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!attributes.isRegularFile() // links, too, are no regular files: they are not followed
          || attributes.size() > MAX_FILE_BYTES
          || isIgnored(nameOf(file))) {
        return FileVisitResult.CONTINUE;
      }
      if (files.size() == MAX_FILES || bytes + attributes.size() > MAX_TOTAL_BYTES) {
        complete = false;
        return FileVisitResult.TERMINATE;
      }
      bytes += attributes.size();
      files.add(new Entry(root.relativize(file).toString().replace('\\', '/'), attributes.size()));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE; // not ours to read
    }

    private static boolean isIgnored(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      return isHidden(name) || IGNORED_ENDINGS.stream().anyMatch(lower::endsWith);
    }

    private static boolean isHidden(String name) {
      return name.startsWith(".");
    }

    private static String nameOf(Path path) {
      Path name = path.getFileName();
      return name == null ? "" : name.toString();
    }
  }
}
