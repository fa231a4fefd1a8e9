package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages, the SDK and the libraries, all from the class path. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleTest {
  private TestEdge edge;

  @BeforeAll
  void start() throws Exception {
    edge = TestEdge.start();
  }

  @AfterAll
  void stop() throws Exception {
    edge.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html, no-cache",
    "/index.html, text/html, no-cache",
    "/console/main.js, text/javascript, no-cache",
    "/console/css/tokens.css, text/css, no-cache",
    "/sdk/index.js, text/javascript, no-cache",
    "/sdk/fold.js, text/javascript, no-cache",
    "/webjars/lit-html/$VERSION/lit-html.js, text/javascript, 'public, max-age=31536000, immutable'",
  })
  void pagesModulesAndLibrariesAreServedWithAPolicy(String path, String type, String caching)
      throws Exception {
    HttpResponse<String> response = Answers.get(edge, path.replace("$VERSION", litHtmlVersion()));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "content-type")).startsWith(type);
    assertThat(header(response, "cache-control")).isEqualTo(caching);
    assertThat(header(response, "content-security-policy"))
        .contains("default-src 'self'")
        .contains("frame-ancestors 'none'");
    assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(response, "referrer-policy")).isEqualTo("no-referrer");
    assertThat(response.body()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing.html",
        "/console/nothing.js",
        "/console/ConsoleHandler.class",
        "/PlaygroundHandler.class",
        "/sdk/nothing.js",
        "/webjars/nothing/1.0/nothing.js",
        "/console/../../EdgeConfig.class",
        "/sdk/../EdgeConfig.class",
        "/view/",
        "/console/css/",
        "/webjars/",
        "/META-INF/MANIFEST.MF",
        "/favicon.ico"
      })
  void nothingElseIsServed(String path) throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      String head =
          client.request("GET " + path + " HTTP/1.1\r\nHost: " + edge.authority() + "\r\n\r\n");

      assertThat(head).containsPattern("^HTTP/1.1 40[034] ");
      assertThat(client.body(head)).startsWith("{").contains("\"code\":");
    }
  }

  @Test
  void whatIsUnchangedIsNotSentAgain() throws Exception {
    String tag = header(Answers.get(edge, "/"), "etag");

    assertThat(tag).isNotEmpty();
    assertThat(Answers.get(edge, "/", "If-None-Match", tag).statusCode()).isEqualTo(304);
  }

  @Test
  void nothingCanBePosted() throws Exception {
    assertThat(Answers.post(edge, "/index.html", "x").statusCode()).isBetween(404, 405);
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** As the WebJar's own description says it. */
  private static String litHtmlVersion() throws IOException {
    String description = "META-INF/maven/org.webjars.npm/lit-html/pom.properties";
    Properties properties = new Properties();
    try (InputStream in = ConsoleTest.class.getClassLoader().getResourceAsStream(description)) {
      assertThat(in).as(description).isNotNull();
      properties.load(in);
    }
    return String.valueOf(properties.getProperty("version"));
  }
}
