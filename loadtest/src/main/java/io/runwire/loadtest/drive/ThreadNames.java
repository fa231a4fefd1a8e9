package io.runwire.loadtest.drive;

import io.runwire.event.Ids;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The threads of a fleet as its argument spells them: {@code t1,t2}, or {@code prefix.*3} for
 * {@code prefix.0,prefix.1,prefix.2}.
 */
final class ThreadNames {
  private static final Pattern COUNTED = Pattern.compile("(.+)\\.\\*([1-9][0-9]{0,5})");

  private ThreadNames() {}

  /**
   * @throws IllegalArgumentException where a name is no id
   */
  static List<String> parse(String spelled) {
    Matcher counted = COUNTED.matcher(spelled);
    List<String> names =
        counted.matches()
            ? IntStream.range(0, Integer.parseInt(counted.group(2)))
                .mapToObj(i -> counted.group(1) + "." + i)
                .toList()
            : Arrays.asList(spelled.split(","));
    names.forEach(name -> Ids.require("threads", name));
    return names;
  }
}
