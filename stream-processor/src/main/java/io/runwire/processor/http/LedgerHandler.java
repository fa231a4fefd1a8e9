package io.runwire.processor.http;

import io.runwire.event.Ids;
import io.runwire.frame.ErrorCode;
import io.runwire.processor.ledger.Ledger;
import io.runwire.processor.ledger.Ledger.ThreadRuns;
import io.runwire.processor.ledger.LedgerRow;
import io.runwire.processor.ledger.LedgerUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 *   GET /v1/runs?status=&amp;limit=                    {"runs":[…]}
 *   GET /v1/runs/{run}                             {…}
 *   GET /v1/threads/{thread}/runs?status=&amp;limit=   {"runs":[…],"position":n,"sourceFloor":n}
 * </pre>
 */
public final class LedgerHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerHandler.class);

  private static final Pattern RUNS = Pattern.compile("/v1/runs");
  private static final Pattern RUN = Pattern.compile("/v1/runs/([^/]*)");
  private static final Pattern THREAD_RUNS = Pattern.compile("/v1/threads/([^/]*)/runs");

  private final Ledger ledger;

  public LedgerHandler(Ledger ledger) {
    this.ledger = ledger;
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
    if (runs) {
      RunsQuery query = RunsQuery.of(request);
      return Map.of("runs", ledger.runs(query.statuses(), query.limit()));
    }
    if (run.matches()) {
      return row(id("run", run.group(1)));
    }
    RunsQuery query = RunsQuery.of(request);
    ThreadRuns found =
        ledger.runsOf(id("thread", thread.group(1)), query.statuses(), query.limit());
    return new ThreadAnswer(found.runs(), found.position().next(), found.position().sourceFloor());
  }

  private LedgerRow row(String run) throws Problem {
    return ledger.run(run).orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "run: unknown"));
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
