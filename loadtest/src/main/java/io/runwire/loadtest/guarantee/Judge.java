package io.runwire.loadtest.guarantee;

import java.util.List;

/** Holds the journals of a run against every guarantee. */
public final class Judge {
  private static final List<Guarantee> GUARANTEES =
      List.of(
          new NothingLost(),
          new NothingDoubled(),
          new OrderedPerRun(),
          new NoSilentGap(),
          new NoLeak(),
          new SamePositionSameBytes(),
          new ExactlyOneFinalTerminal(),
          new NoHealthyRunEnded(),
          new ReplayEqualsLive());

  private Judge() {}

  /** The verdicts, always in the same order. */
  public static Judgement judge(History history) {
    return new Judgement(
        GUARANTEES.stream().map(guarantee -> judge(guarantee, history)).toList(), history.totals());
  }

  private static Verdict judge(Guarantee guarantee, History history) {
    Findings findings = new Findings();
    guarantee.check(history, findings);
    return findings.verdict(guarantee.getClass().getSimpleName());
  }
}
