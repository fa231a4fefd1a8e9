package io.runwire.processor.ledger;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The keys of the ledger's one store. It is one store, so that its one changelog holds rows, index
 * and position in the order in which they were written: whatever prefix of it survives a crash, a
 * row that is there is indexed, and the position is not ahead of the rows.
 *
 * <pre>
 *   position                            how far the ledger has read
 *   run/R                               a row
 *   all/STATUS/age/R                    index of all runs
 *   thread/T/STATUS/age/R               index of a thread's runs
 *   agent/A/STATUS/age/R                index of an agent's runs, where they carry its name
 * </pre>
 *
 * The age orders the newest first, by start and, within a millisecond, by place. Ids have no slash,
 * and a name's are escaped.
 */
final class LedgerKeys {
  static final String POSITION = "position";

  private static final String ROW = "run/";
  private static final char BEHIND_SLASH = '/' + 1;
  private static final char BEHIND_DIGITS = 'f' + 1;

  private LedgerKeys() {}

  static String row(String run) {
    return ROW + run;
  }

  static boolean isRow(String key) {
    return key.startsWith(ROW);
  }

  /** Where a row stands in the index. */
  static List<String> index(LedgerRow row) {
    String inAll = allWith(row.status()) + entry(row);
    String inThread = threadWith(row.thread(), row.status()) + entry(row);
    return row.agent() == null
        ? List.of(inAll, inThread)
        : List.of(inAll, inThread, agentWith(row.agent(), row.status()) + entry(row));
  }

  /** Prefix of the index of all runs. */
  static String allWith(RunStatus status) {
    return "all/" + status + "/";
  }

  /** Prefix of the index of a thread's runs. */
  static String threadWith(String thread, RunStatus status) {
    return "thread/" + thread + "/" + status + "/";
  }

  /** Prefix of the index of an agent's runs. */
  static String agentWith(String agent, RunStatus status) {
    return "agent/" + URLEncoder.encode(agent, StandardCharsets.UTF_8) + "/" + status + "/";
  }

  /** Not behind any entry of a run that began at that time or before. */
  static String from(String prefix, long startedAtMs) {
    return prefix + String.format("%016x", Long.MAX_VALUE - startedAtMs);
  }

  /** Behind all entries of runs that began at that time or later, before the older ones. */
  static String upTo(String prefix, long startedAtMs) {
    return from(prefix, startedAtMs) + BEHIND_DIGITS;
  }

  /** A key behind all that start with the prefix, which ends in a slash. */
  static String behind(String prefix) {
    return prefix.substring(0, prefix.length() - 1) + BEHIND_SLASH;
  }

  private static String entry(LedgerRow row) {
    return String.format(
        "%016x%016x/%s",
        Long.MAX_VALUE - row.startedAt(), Long.MAX_VALUE - row.firstOffset(), row.run());
  }

  /** The run that an index key, less its prefix, names. */
  static String runOf(String entry) {
    return entry.substring(entry.indexOf('/') + 1);
  }
}
