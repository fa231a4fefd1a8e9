package io.runwire.processor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when going on would break a promise. It must not return before nothing can be
 * written any more; an orderly shutdown would still send what is under way.
 */
@FunctionalInterface
public interface Halt {
  /** Exit status of a process that halted: EX_SOFTWARE of sysexits.h. */
  int EXIT_STATUS = 70;

  void halt(String why, Throwable cause);

  /** Ends the process at once, without shutdown hooks. */
  static Halt process() {
    Logger log = LoggerFactory.getLogger(Halt.class);
    return (why, cause) -> {
      log.error("halting: {}", why, cause);
      Runtime.getRuntime().halt(EXIT_STATUS);
    };
  }
}
