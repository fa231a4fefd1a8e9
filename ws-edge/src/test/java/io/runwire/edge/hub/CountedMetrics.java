package io.runwire.edge.hub;

import io.runwire.fold.Verdict;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.GapReason;
import java.util.ArrayList;
import java.util.List;

/** What was counted, in order. */
final class CountedMetrics implements DeliveryMetrics {
  final List<Verdict> verdicts = new ArrayList<>();
  final List<GapReason> gaps = new ArrayList<>();
  final List<ErrorCode> outages = new ArrayList<>();
  final List<ErrorCode> refusals = new ArrayList<>();
  final List<Long> latencies = new ArrayList<>();
  final List<CloseCode> closes = new ArrayList<>();
  final List<String> retries = new ArrayList<>();
  final List<RetryCause> givenUp = new ArrayList<>();
  int stalled;
  long redelivered;
  long delivered;
  long bytes;

  @Override
  public void judged(Verdict verdict) {
    verdicts.add(verdict);
  }

  @Override
  public void gap(GapReason reason) {
    gaps.add(reason);
  }

  @Override
  public void refused(ErrorCode code) {
    refusals.add(code);
  }

  @Override
  public void unavailable(ErrorCode code) {
    outages.add(code);
  }

  @Override
  public void delivered(int size) {
    delivered++;
    bytes += size;
  }

  @Override
  public void latency(long ms) {
    latencies.add(ms);
  }

  @Override
  public void closed(CloseCode code) {
    closes.add(code);
  }

  @Override
  public void stalled(int change) {
    stalled += change;
  }

  @Override
  public void retried(RetryCause cause, int step) {
    retries.add(cause + " " + step);
  }

  @Override
  public void gaveUp(RetryCause cause) {
    givenUp.add(cause);
  }

  @Override
  public void redelivered() {
    redelivered++;
  }
}
