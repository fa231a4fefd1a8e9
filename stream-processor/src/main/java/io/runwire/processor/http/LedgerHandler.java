package io.runwire.processor.http;

import io.runwire.event.Ids;
import io.runwire.frame.ErrorCode;
import io.runwire.processor.ledger.Ledger;
import io.runwire.processor.ledger.Ledger.Runs;
import io.runwire.processor.ledger.Ledger.ThreadRuns;
import io.runwire.processor.ledger.LedgerRow;
import io.runwire.processor.ledger.LedgerUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger over HTTP, for the edges. It asks for no token: whoever reaches the port may read.
 *
 * <pre>
 *   GET /v1/runs?…                   {"runs":[…]}, and "partial":true if there may be more than was looked at
 *   GET /v1/runs/{run}               {…}
 *   GET /v1/threads/{thread}/runs?…  {"runs":[…],"position":n,"sourceFloor":n}
 * </pre>
 *
 * What a list may be asked for says {@link RunsQuery}.
 */
public final class LedgerHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerHandler.class);

  private static final Pattern RUNS = Pattern.compile("/v1/runs");
  private static final Pattern RUN = Pattern.compile("/v1/runs/([^/]*)");
  private static final Pattern THREAD_RUNS = Pattern.compile("/v1/threads/([^/]*)/runs");

  /** Questions that may wait for other processors; the rest of the threads answer theirs. */
  public static final int MAY_WAIT = HttpPort.MAX_THREADS / 4;

  private static final Pattern PARTITION = Pattern.compile("[0-9]{1,5}");

  private final Ledger everywhere;
  private final Function<Set<Integer>, Ledger> here;

  /**
   * @param everywhere the whole ledger
   * @param here those partitions of it that another processor asks for, out of this one's stores
   */
  public LedgerHandler(Ledger everywhere, Function<Set<Integer>, Ledger> here) {
    this.everywhere = everywhere;
    this.here = here;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      Body.send(response, 200, Body.JSON, Body.json(answer(request)), callback);
    } catch (Problem problem) {
      problem.send(response, callback);
    } catch (LedgerUnavailableException notNow) {
      new Problem(ErrorCode.LEDGER_UNAVAILABLE, "the ledger is not at hand now; try again")
          .send(response, callback);
    } catch (RuntimeException bug) {
      LOG.error("{} failed", request.getHttpURI(), bug);
      new Problem(ErrorCode.INTERNAL, "the request failed").send(response, callback);
    }
    return true;
  }

  private Object answer(Request request) throws Problem {
    String path = request.getHttpURI().getCanonicalPath();
    Matcher run = RUN.matcher(path);
    Matcher thread = THREAD_RUNS.matcher(path);
    boolean runs = RUNS.matcher(path).matches();
    if (!runs && !run.matches() && !thread.matches()) {
      throw new Problem(ErrorCode.NOT_FOUND, "no such path");
    }
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      throw new Problem(ErrorCode.METHOD_NOT_ALLOWED, "expected: GET");
    }
    Ledger ledger = ledger(request);
    if (runs) {
      Runs found = ledger.runs(RunsQuery.of(request));
      return found.partial()
          ? Map.of("runs", found.runs(), "partial", true)
          : Map.of("runs", found.runs());
    }
    if (run.matches()) {
      return ledger
          .run(id("run", run.group(1)))
          .orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "run: unknown"));
    }
    ThreadRuns found = ledger.runsOf(id("thread", thread.group(1)), RunsQuery.of(request));
    return new ThreadAnswer(found.runs(), found.position().next(), found.position().sourceFloor());
  }

  private Ledger ledger(Request request) throws Problem {
    String asked = request.getHeaders().get(HttpPeers.PARTITIONS);
    if (asked == null) {
      return everywhere;
    }
    List<String> numbers = List.of(asked.split(",", -1));
    if (!numbers.stream().allMatch(PARTITION.asMatchPredicate())) {
      throw Problem.badRequest(HttpPeers.PARTITIONS + ": expected numbers with commas between");
    }
    return here.apply(numbers.stream().map(Integer::valueOf).collect(Collectors.toSet()));
  }

  private static String id(String what, String text) throws Problem {
    if (!Ids.valid(text)) {
      throw Problem.badRequest(
          what + ": '" + Ids.printable(text) + "' (expected: 1-200 chars of [A-Za-z0-9._~:-])");
    }
    return text;
  }

  /** Field names are the wire's. */
  private record ThreadAnswer(List<LedgerRow> runs, long position, long sourceFloor) {}
}
