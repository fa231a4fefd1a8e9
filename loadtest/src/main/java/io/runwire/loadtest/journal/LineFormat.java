package io.runwire.loadtest.journal;

import io.runwire.event.Origin;
import io.runwire.fold.Verdict;
import java.util.Optional;

/** How a record becomes a line and a line a record again. */
interface LineFormat<T> {
  void put(T record, LineBuilder line);

  /**
   * @throws IllegalArgumentException where the line is none of this format
   */
  T take(LineFields line);

  /** Lines of {@link Sent}. */
  LineFormat<Sent> SENT =
      new LineFormat<>() {
        @Override
        public void put(Sent sent, LineBuilder line) {
          line.number(sent.ms()).text(sent.thread()).text(sent.run()).number(sent.attempt());
          line.number(sent.seq()).text(sent.type()).flag(sent.ends()).hash(sent.hash());
          line.text(sent.result().name());
        }

        @Override
        public Sent take(LineFields line) {
          return new Sent(
              line.number(),
              line.text(),
              line.text(),
              line.integer(),
              line.number(),
              line.text(),
              line.flag(),
              line.hash(),
              Sent.Result.valueOf(line.text()));
        }
      };

  /** Lines of {@link Logged}. */
  LineFormat<Logged> LOGGED =
      new LineFormat<>() {
        @Override
        public void put(Logged logged, LineBuilder line) {
          line.number(logged.ms()).number(logged.partition()).number(logged.offset());
          line.number(logged.source());
          line.text(logged.thread()).text(logged.run()).number(logged.attempt());
          line.number(logged.seq()).flag(logged.ends()).hash(logged.hash());
          line.text(logged.origin().name()).text(logged.verdict().name());
        }

        @Override
        public Logged take(LineFields line) {
          return new Logged(
              line.number(),
              line.integer(),
              line.number(),
              line.number(),
              line.text(),
              line.text(),
              line.integer(),
              line.number(),
              line.flag(),
              line.hash(),
              Origin.valueOf(line.text()),
              Verdict.valueOf(line.text()));
        }
      };

  /** Lines of {@link Seen}. */
  LineFormat<Seen> SEEN =
      new LineFormat<>() {
        @Override
        public void put(Seen seen, LineBuilder line) {
          if (seen instanceof Seen.Event event) {
            begin("event", seen, line).text(event.thread()).text(event.run());
            line.number(event.attempt()).number(event.seq()).flag(event.ends());
            line.hash(event.hash()).text(event.cursor());
          } else if (seen instanceof Seen.Subscribed subscribed) {
            begin("subscribed", seen, line).text(subscribed.thread());
            line.text(subscribed.run().orElse("")).text(subscribed.from());
          } else if (seen instanceof Seen.Gap gap) {
            begin("gap", seen, line).text(gap.thread()).text(gap.reason());
          } else if (seen instanceof Seen.Live live) {
            begin("live", seen, line).text(live.thread()).text(live.cursor());
          } else if (seen instanceof Seen.Up up) {
            begin("up", seen, line).text(up.edge());
          } else if (seen instanceof Seen.Down down) {
            begin("down", seen, line).number(down.code());
          }
        }

        @Override
        public Seen take(LineFields line) {
          String kind = line.text();
          long ms = line.number();
          String client = line.text();
          return switch (kind) {
            case "event" ->
                new Seen.Event(
                    ms,
                    client,
                    line.text(),
                    line.text(),
                    line.integer(),
                    line.number(),
                    line.flag(),
                    line.hash(),
                    line.text());
            case "subscribed" ->
                new Seen.Subscribed(
                    ms,
                    client,
                    line.text(),
                    Optional.of(line.text()).filter(run -> !run.isEmpty()),
                    line.text());
            case "gap" -> new Seen.Gap(ms, client, line.text(), line.text());
            case "live" -> new Seen.Live(ms, client, line.text(), line.text());
            case "up" -> new Seen.Up(ms, client, line.text());
            case "down" -> new Seen.Down(ms, client, line.integer());
            default -> throw new IllegalArgumentException("kind: " + kind);
          };
        }

        private LineBuilder begin(String kind, Seen seen, LineBuilder line) {
          return line.text(kind).number(seen.ms()).text(seen.client());
        }
      };
}
