package io.runwire.edge.hub;

import io.runwire.frame.CloseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A socket whose writes end at once, or when the test says so. Insists on what {@link Outlet}
 * promises: one write at a time, none after the end.
 */
final class RecordingOutlet implements Outlet {
  private final List<List<Outgoing>> writes = new ArrayList<>();
  private final List<Outgoing> received = new ArrayList<>();
  private Optional<List<Outgoing>> inFlight = Optional.empty();
  private Optional<Written> written = Optional.empty();
  private Optional<CloseCode> closed = Optional.empty();
  private boolean flowing = true;
  private boolean refusing;
  private boolean aborted;

  @Override
  public void write(List<Outgoing> batch, Written callback) {
    if (inFlight.isPresent()) {
      throw new AssertionError("a write began while another one was in flight");
    }
    if (closed.isPresent()) {
      throw new AssertionError("a write began behind the close");
    }
    if (batch.isEmpty()) {
      throw new AssertionError("an empty write");
    }
    if (refusing) {
      throw new IllegalStateException("cannot be written to");
    }
    writes.add(batch);
    inFlight = Optional.of(batch);
    written = Optional.of(callback);
    if (flowing) {
      drain();
    }
  }

  @Override
  public void close(CloseCode code) {
    if (closed.isPresent()) {
      throw new AssertionError("closed twice");
    }
    closed = Optional.of(code);
  }

  @Override
  public void abort(CloseCode code) {
    aborted = true;
    close(code);
    breakAfter(0);
  }

  /** The peer reads nothing from now on. */
  void stall() {
    flowing = false;
  }

  /** The peer reads again. */
  void flow() {
    flowing = true;
    if (inFlight.isPresent()) {
      drain();
    }
  }

  /** Writing throws from now on. */
  void refuseWrites() {
    refusing = true;
  }

  /** The write in flight ends well; nothing where there is none. */
  void drain() {
    Optional<Written> ending = written;
    received.addAll(inFlight.orElse(List.of()));
    inFlight = Optional.empty();
    written = Optional.empty();
    ending.ifPresent(Written::succeeded);
  }

  /** The socket breaks after the peer has got the first {@code arrived} of what is in flight. */
  void breakAfter(int arrived) {
    List<Outgoing> batch = inFlight.orElse(List.of());
    received.addAll(batch.subList(0, Math.min(arrived, batch.size())));
    Optional<Written> ending = written;
    inFlight = Optional.empty();
    written = Optional.empty();
    ending.ifPresent(callback -> callback.failed(new IllegalStateException("reset by peer")));
  }

  /** Everything that reached the peer. */
  List<Outgoing> received() {
    return received;
  }

  /** The batches, in order. */
  List<List<Outgoing>> writes() {
    return writes;
  }

  Optional<List<Outgoing>> inFlight() {
    return inFlight;
  }

  Optional<CloseCode> closed() {
    return closed;
  }

  boolean aborted() {
    return aborted;
  }
}
