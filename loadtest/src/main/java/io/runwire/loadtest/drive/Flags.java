package io.runwire.loadtest.drive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code --name=value} arguments of a program, strictly: what is unknown is refused. */
final class Flags {
  private record Flag(Optional<String> standard, String help) {}

  private final String purpose;
  private final Map<String, Flag> flags = new LinkedHashMap<>();

  Flags(String purpose) {
    this.purpose = purpose;
  }

  Flags required(String name, String help) {
    flags.put(name, new Flag(Optional.empty(), help));
    return this;
  }

  Flags optional(String name, String standard, String help) {
    flags.put(name, new Flag(Optional.of(standard), help));
    return this;
  }

  /** The text for {@code --help}. */
  String help() {
    StringBuilder help = new StringBuilder(purpose).append('\n');
    flags.forEach(
        (name, flag) ->
            help.append(
                String.format(
                    "  --%-24s %s%s%n",
                    name + "=…",
                    flag.help,
                    flag.standard
                        .filter(text -> !text.isEmpty())
                        .map(text -> " (" + text + ")")
                        .orElse(""))));
    return help.toString();
  }

  /**
   * @throws IllegalArgumentException naming the argument that is unknown, doubled or missing
   */
  Values parse(List<String> args) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      String name = equals < 0 ? arg : arg.substring(0, equals);
      if (equals < 0 || !name.startsWith("--") || !flags.containsKey(name.substring(2))) {
        throw new IllegalArgumentException(arg + ": unknown (try --help)");
      }
      if (values.put(name.substring(2), arg.substring(equals + 1)) != null) {
        throw new IllegalArgumentException(name + ": stands twice");
      }
    }
    flags.forEach(
        (name, flag) -> {
          if (!values.containsKey(name)) {
            values.put(
                name,
                flag.standard.orElseThrow(
                    () -> new IllegalArgumentException("--" + name + ": missing")));
          }
        });
    return new Values(values);
  }

  /** What the arguments say. Each reader throws IllegalArgumentException naming the flag. */
  record Values(Map<String, String> byName) {
    String text(String name) {
      String value = byName.get(name);
      if (value == null) {
        throw new IllegalStateException("--" + name + ": not declared");
      }
      return value;
    }

    Optional<String> optional(String name) {
      return Optional.of(text(name)).filter(value -> !value.isEmpty());
    }

    List<String> list(String name) {
      return List.of(text(name).split(","));
    }

    boolean truth(String name) {
      return switch (text(name)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw refused(name, "true or false");
      };
    }

    int number(String name, int min, int max) {
      double number = decimal(name, min, max);
      if (number != Math.rint(number)) {
        throw refused(name, "a whole number");
      }
      return (int) number;
    }

    double decimal(String name, double min, double max) {
      try {
        double number = Double.parseDouble(text(name));
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // refused below
      }
      throw refused(name, min + " .. " + max);
    }

    long seed(String name) {
      try {
        return Long.parseLong(text(name));
      } catch (NumberFormatException e) {
        throw refused(name, "a whole number");
      }
    }

    private IllegalArgumentException refused(String name, String expected) {
      return new IllegalArgumentException(
          "--" + name + ": " + text(name) + " (expected: " + expected + ")");
    }
  }
}
