package io.runwire.edge.hub;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was reported, in order. Thread-safe. */
public final class RecordedEvidence implements DeliveryEvidence {
  final List<Report> reports = new CopyOnWriteArrayList<>();

  @Override
  public boolean wanted(boolean acknowledging) {
    return true;
  }

  @Override
  public void accept(Report report) {
    reports.add(report);
  }
}
