package io.runwire.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a notary states of one partition of thread-events: the tree over all its records so far, and
 * the threads that moved since the checkpoint before.
 *
 * <p>Its text is the body of a C2SP tlog-checkpoint: origin, size, root, then our own lines.
 *
 * <pre>
 * example.org/runwire/Zm9vYmFyYmF6cXV4MTIzNA/3
 * 20852163
 * CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 * from 20851163
 * offset 20852163
 * threads 17 9Zk0Zr5zZ0p6Nvqk0aJ0yVq0l4Vn3GmZ1r2oL8Qm3ZE=
 * time 2026-11-25T14:03:07.112Z
 * skipped 100 250
 * </pre>
 *
 * @param size records in the tree
 * @param root of the tree
 * @param from size of the tree at the checkpoint before: the span is what came since
 * @param nextOffset of the log, behind the last record of the tree
 * @param threads how many threads moved
 * @param threadsRoot of the tree over their {@link ThreadSpan}s, in the order of their hashes
 * @param time when it was signed, by the notary's clock, in whole milliseconds
 * @param skipped stretches of the log that were gone before the notary came to read them
 */
public record Checkpoint(
    Origin origin,
    long size,
    Hash root,
    long from,
    long nextOffset,
    int threads,
    Hash threadsRoot,
    Instant time,
    List<Skipped> skipped) {

  /** Offsets {@code [from, to)} that were no longer in the log. */
  public record Skipped(long from, long to) {}

  private static final Pattern FORM =
      Pattern.compile(
          "(?<origin>[^\\n]+)\\n"
              + "(?<size>0|[1-9]\\d{0,17})\\n"
              + "(?<root>[^\\n]+)\\n"
              + "from (?<from>0|[1-9]\\d{0,17})\\n"
              + "offset (?<offset>0|[1-9]\\d{0,17})\\n"
              + "threads (?<threads>0|[1-9]\\d{0,8}) (?<threadsRoot>[^\\n ]+)\\n"
              + "time (?<time>[^\\n]+)\\n"
              + "(?<skipped>(?:skipped \\d{1,18} \\d{1,18}\\n)*)");

  private static final Pattern SKIPPED = Pattern.compile("skipped (\\d+) (\\d+)\\n");

  public Checkpoint {
    skipped = List.copyOf(skipped);
  }

  /** The text that is signed; ends with a newline. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(origin).append('\n');
    text.append(size).append('\n');
    text.append(root).append('\n');
    text.append("from ").append(from).append('\n');
    text.append("offset ").append(nextOffset).append('\n');
    text.append("threads ").append(threads).append(' ').append(threadsRoot).append('\n');
    text.append("time ").append(time).append('\n');
    for (Skipped gone : skipped) {
      text.append("skipped ").append(gone.from).append(' ').append(gone.to).append('\n');
    }
    return text.toString();
  }

  /** What {@link #text} wrote, or empty where it is not of the form. */
  public static Optional<Checkpoint> parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    Optional<Origin> origin = Origin.parse(m.group("origin"));
    Optional<Hash> root = Hash.parse(m.group("root"));
    Optional<Hash> threadsRoot = Hash.parse(m.group("threadsRoot"));
    Optional<Instant> time = time(m.group("time"));
    if (origin.isEmpty() || root.isEmpty() || threadsRoot.isEmpty() || time.isEmpty()) {
      return Optional.empty();
    }
    List<Skipped> skipped = new ArrayList<>();
    for (Matcher s = SKIPPED.matcher(m.group("skipped")); s.find(); ) {
      skipped.add(new Skipped(Long.parseLong(s.group(1)), Long.parseLong(s.group(2))));
    }
    return Optional.of(
        new Checkpoint(
            origin.get(),
            Long.parseLong(m.group("size")),
            root.get(),
            Long.parseLong(m.group("from")),
            Long.parseLong(m.group("offset")),
            Integer.parseInt(m.group("threads")),
            threadsRoot.get(),
            time.get(),
            skipped));
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException notATime) {
      return Optional.empty();
    }
  }
}
