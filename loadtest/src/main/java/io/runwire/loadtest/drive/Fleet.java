package io.runwire.loadtest.drive;

/** Something that drives the system until it is closed. */
interface Fleet extends AutoCloseable {
  /** What it has done so far; a record, printed as JSON. */
  Object status();

  /**
   * Carries out a line from the standard input.
   *
   * @throws IllegalArgumentException where it is no command
   */
  void command(String line) throws InterruptedException;

  /** Ends in good order, within a bound. */
  @Override
  void close() throws InterruptedException;
}
