package io.runwire.edge.ops;

import io.runwire.edge.bounds.Places;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * {@code /admin/drain}: POST begins to drain, GET tells how far it is. A page of a browser on the
 * same machine may reach the port, but not this: it says where it comes from, and operators do not.
 */
public final class DrainHandler extends Handler.Abstract.NonBlocking {
  private final Drain drain;
  private final Places places;

  public DrainHandler(Drain drain, Places places) {
    this.drain = drain;
    this.places = places;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!request.getHttpURI().getPath().equals("/admin/drain")) {
      return false;
    }
    if (request.getHeaders().contains(HttpHeader.ORIGIN)) {
      Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
    } else if (HttpMethod.POST.is(request.getMethod())) {
      drain.begin();
      tell(response, callback, HttpStatus.ACCEPTED_202);
    } else if (HttpMethod.GET.is(request.getMethod())) {
      tell(response, callback, HttpStatus.OK_200);
    } else {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, POST");
      Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
    }
    return true;
  }

  private void tell(Response response, Callback callback, int status) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    String json =
        "{\"state\":\"%s\",\"connections\":%d}\n".formatted(drain.state(), places.all().size());
    Content.Sink.write(response, true, json, callback);
  }
}
