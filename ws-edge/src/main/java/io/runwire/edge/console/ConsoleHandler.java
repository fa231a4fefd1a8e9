package io.runwire.edge.console;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;

/**
 * The console's pages, the SDK's modules and the libraries from WebJars, all from the class path.
 */
public final class ConsoleHandler extends Handler.Wrapper {
  private static final String PAGES = "io/runwire/edge/console/";
  private static final String SDK = "io/runwire/edge/sdk/";
  private static final String WEBJARS = "META-INF/resources/webjars/";

  // Only our own scripts run; sockets may go to any edge, since edges are many.
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " connect-src 'self' ws: wss: http: https:; frame-ancestors 'none'; base-uri 'none'";

  public ConsoleHandler() {
    ResourceFactory resources = ResourceFactory.of(this);
    setHandler(
        new ContextHandlerCollection(
            // A WebJar's version stands in its path: what was fetched once never changes.
            files("/webjars", resources, WEBJARS, "public, max-age=31536000, immutable"),
            files("/sdk", resources, SDK, "no-cache"),
            files("/console", resources, PAGES, "no-cache"),
            files("/", resources, PAGES, "no-cache")));
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (Request.getPathInContext(request).endsWith(".class")) {
      return false; // this package's own code lies beside its pages
    }
    HttpFields.Mutable headers = response.getHeaders();
    headers.put("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put(HttpHeader.VARY, "Accept-Encoding");
    return super.handle(request, response, callback);
  }

  private static ContextHandler files(
      String path, ResourceFactory resources, String classPath, String cacheControl) {
    Resource base = resources.newClassLoaderResource(classPath, false);
    if (base == null) {
      throw new IllegalStateException("not on the class path: " + classPath);
    }
    ResourceHandler files = new ResourceHandler();
    files.setBaseResource(base);
    files.setDirAllowed(false);
    files.setEtags(true);
    files.setCacheControl(cacheControl);
    return new ContextHandler(files, path);
  }
}
