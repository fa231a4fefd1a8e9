package io.runwire.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {
  private static final String SELF = "http://edge.example.com:8080";

  private final Origins origins = new Origins(Set.of("https://app.example.com"));

  @Test
  void allowsWhoSendsNone() {
    assertThat(origins.allow(Optional.empty(), SELF)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {SELF, "https://app.example.com"})
  void allowsItselfAndWhatIsListed(String origin) {
    assertThat(origins.allow(Optional.of(origin), SELF)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "https://evil.example.com",
        "https://app.example.com.evil.com",
        "https://evil-app.example.com",
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://APP.example.com",
        "https://edge.example.com:8080",
        "http://edge.example.com",
        "*"
      })
  void refusesEverythingElse(String origin) {
    assertThat(origins.allow(Optional.of(origin), SELF)).isFalse();
  }

  @Test
  void allowsAnyWhereTheListSaysSo() {
    assertThat(new Origins(Set.of("*")).allow(Optional.of("https://evil.example.com"), SELF))
        .isTrue();
  }
}
