package io.runwire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.fold.RunPosition;
import io.runwire.frame.ClientFrame.Ack;
import io.runwire.frame.ClientFrame.Auth;
import io.runwire.frame.ClientFrame.From;
import io.runwire.frame.ClientFrame.Malformed;
import io.runwire.frame.ClientFrame.Ping;
import io.runwire.frame.ClientFrame.Subscribe;
import io.runwire.frame.ClientFrame.Unsubscribe;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ClientFrameReaderTest {
  private static final String NOT_JSON = "not one JSON object whose fields stand once";

  @Test
  void readsEveryOp() {
    assertThat(read("{'op':'auth','token':'a.b.c'}")).isEqualTo(new Auth("a.b.c"));
    assertThat(read("{'op':'unsubscribe','id':2,'thread':'t'}")).isEqualTo(new Unsubscribe(2, "t"));
    assertThat(read("{'op':'ack','thread':'t','cursor':'c'}")).isEqualTo(new Ack("t", "c"));
    assertThat(read("{'op':'ping'}")).isEqualTo(new Ping());
    assertThat(read(" {'thread' : 't' , 'id' : 0 , 'op' : 'subscribe'} "))
        .isEqualTo(
            new Subscribe(
                0, "t", Optional.empty(), Optional.empty(), Map.of(), From.LATEST, false));
    assertThat(
            read(
                "{'op':'subscribe','id':9007199254740991,'thread':'t','run':'r','after':'c',"
                    + "'runs':{'r':[1,57],'s':[3,9007199254740991]},'from':'open','ack':true}"))
        .isEqualTo(
            new Subscribe(
                9_007_199_254_740_991L,
                "t",
                Optional.of("r"),
                Optional.of("c"),
                Map.of("r", RunPosition.at(1, 57), "s", RunPosition.at(3, 9_007_199_254_740_991L)),
                From.OPEN,
                true));
  }

  @ParameterizedTest
  @CsvSource({"earliest, EARLIEST", "open, OPEN", "latest, LATEST"})
  void readsWhereToBegin(String name, From from) {
    assertThat(read("{'op':'subscribe','id':1,'thread':'t','from':'" + name + "'}"))
        .isInstanceOfSatisfying(
            Subscribe.class, subscribe -> assertThat(subscribe.from()).isEqualTo(from));
    assertThat(ClientFrameReader.fromNamed(name)).contains(from);
  }

  @Test
  void keepsTheClientsOrderOfRunsInWhichTheOldestIsForgottenFirst() {
    String runs =
        IntStream.rangeClosed(1, ClientFrameReader.MAX_RUNS)
            .mapToObj(run -> "'r" + run + "':[1,1]")
            .collect(Collectors.joining(","));

    assertThat(read("{'op':'subscribe','id':1,'thread':'t','after':'c','runs':{" + runs + "}}"))
        .isInstanceOfSatisfying(
            Subscribe.class,
            subscribe ->
                assertThat(subscribe.runs().keySet())
                    .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 64).mapToObj(run -> "r" + run).toList()));
  }

  @Test
  void neverPrintsAToken() {
    assertThat(read("{'op':'auth','token':'secret'}").toString()).doesNotContain("secret");
  }

  static final List<Named<String>> NO_JSON =
      List.of(
          Named.of("text", "hello"),
          Named.of("half an object", "{'op':'ping'"),
          Named.of("two frames", "{'op':'ping'}{'op':'ping'}"),
          Named.of("a second value", "{'op':'ping'} 1"),
          Named.of("a NUL behind", "{'op':'ping'}\u0000"),
          Named.of("a NUL in a string", "{'op':'ping\u0000'}"),
          Named.of("a byte order mark", "\ufeff{'op':'ping'}"),
          Named.of("a comment", "{'op':'ping'} // hello"),
          Named.of("a trailing comma", "{'op':'ping',}"),
          Named.of("the same key twice", "{'op':'ping','op':'ping'}"),
          Named.of("the same key twice, once escaped", "{'op':'ping','\\u006fp':'auth'}"),
          Named.of("the same run twice", "{'op':'subscribe','runs':{'r':[1,1],'r':[1,2]}}"),
          Named.of("10,000 arrays", "[".repeat(10_000) + "]".repeat(10_000)),
          Named.of("10,000 objects", "{'a':".repeat(10_000) + "1" + "}".repeat(10_000)),
          Named.of("10,000 levels below", "{'op':'ping','a':" + "[".repeat(10_000)),
          Named.of("nine levels", "{'op':'ping','a':[[[[[[[[]]]]]]]]}"),
          Named.of("a number of 2,000 digits", "{'op':'ping','id':" + "9".repeat(2_000) + "}"),
          Named.of("NaN", "{'op':'unsubscribe','id':NaN,'thread':'t'}"));

  @ParameterizedTest
  @FieldSource("NO_JSON")
  void refusesWhatIsNotOneJsonObject(String text) {
    assertThat(read(text)).isEqualTo(new Malformed(Optional.empty(), NOT_JSON));
  }

  @ParameterizedTest
  @CsvSource({"''", "' '", "null", "[]", "5", "1e400", "true", "'\"ping\"'"})
  void refusesWhatIsNoObject(String text) {
    assertThat(ClientFrameReader.read(text))
        .isEqualTo(new Malformed(Optional.empty(), "not a JSON object"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                  | op: absent",
        "{'op':null}                                         | op: expected a string of at most 20 chars",
        "{'op':5}                                            | op: expected a string of at most 20 chars",
        "{'op':['ping']}                                     | op: expected a string of at most 20 chars",
        "{'op':'aaaaaaaaaaaaaaaaaaaaa'}                      | op: expected a string of at most 20 chars",
        "{'op':'event'}                                      | op: unknown 'event'",
        "{'op':'PING'}                                       | op: unknown 'PING'",
        "{'op':''}                                           | op: unknown ''",
        "{'op':'\\u001b[2J\\u202e'}                          | op: unknown '?[2J?'",
        "{'op':'ping','x':1e400}                             | unknown field 'x'",
        "{'op':'ping','\\u0000\\u202e':1}                    | unknown field '??'",
        "{'op':'ping','token':'t'}                           | unknown field 'token'",
        "{'op':'auth'}                                       | token: absent",
        "{'op':'auth','token':5}                             | token: expected a string of at most 16384 chars",
        "{'op':'auth','token':null}                          | token: expected a string of at most 16384 chars",
        "{'op':'auth','token':'t','id':1}                    | unknown field 'id'",
        "{'op':'ack','thread':'t'}                           | cursor: absent",
        "{'op':'ack','cursor':'c'}                           | thread: absent",
        "{'op':'ack','thread':'t','cursor':5}                | cursor: expected a string of at most 16384 chars",
        "{'op':'ack','thread':'a/b','cursor':'c'}            | thread: not an id"
      })
  void saysWhatIsWrongWithAFrame(String text, String detail) {
    assertThat(read(text))
        .isInstanceOfSatisfying(
            Malformed.class, malformed -> assertThat(malformed.detail()).isEqualTo(detail));
  }

  @ParameterizedTest
  @CsvSource({"''", "1.0", "1e0", "1e400", "-1", "'\"1\"'", "null", "[1]", "9223372036854775808"})
  void refusesAnIdThatIsNoCount(String id) {
    String field = id.isEmpty() ? "" : "'id':" + id + ",";

    assertThat(read("{'op':'unsubscribe'," + field + "'thread':'t'}"))
        .isEqualTo(new Malformed(Optional.empty(), "id: expected an integer >= 0"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`', // none: the cases begin with the other one
      value = {
        "'thread':''                       | thread: not an id",
        "'thread':'a\\u0000'               | thread: not an id",
        "'thread':'a\\u202eb'              | thread: not an id",
        "'thread':'a\\u2066b'              | thread: not an id",
        "'thread':'a\\r\\nb'               | thread: not an id",
        "'thread':'a%2fb'                  | thread: not an id",
        "'thread':'\\ud800'                | thread: not an id",
        "'thread':5                        | thread: expected a string of at most 200 chars",
        "'thread':['t']                    | thread: expected a string of at most 200 chars",
        "'thread':'t','run':''             | run: not an id",
        "'thread':'t','run':'a\\u0000'     | run: not an id",
        "'thread':'t','run':'a\\u202e'     | run: not an id",
        "'thread':'t','run':null           | run: expected a string of at most 200 chars",
        "'thread':'t','after':5            | after: expected a string of at most 16384 chars",
        "'thread':'t','from':'now'         | from: expected earliest, open or latest",
        "'thread':'t','from':0             | from: expected a string of at most 20 chars",
        "'thread':'t','ack':1              | ack: expected true or false",
        "'thread':'t','ack':'true'         | ack: expected true or false",
        "'thread':'t','ack':null           | ack: expected true or false",
        "'thread':'t','runs':null          | runs: expected an object of at most 64 runs",
        "'thread':'t','runs':[]            | runs: expected an object of at most 64 runs",
        "'thread':'t','runs':{'r':1}       | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'r':[1]}     | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'r':[1,2,3]} | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'r':[0,1]}   | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'r':[1,0]}   | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'r':[1,-1]}  | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'r':[1,1.5]} | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'r':['1',1]} | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'r':[1e400,1]} | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'r':[4294967297,1]} | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'r':[1,9223372036854775808]} | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'':[1,1]}    | runs: expected {run: [attempt, seq]}",
        "'thread':'t','runs':{'a\\u0000':[1,1]} | runs: expected {run: [attempt, seq]}",
        "'thread':'t','x':1                | unknown field 'x'",
        "'thread':'t','cursor':'c'         | unknown field 'cursor'"
      })
  void refusesASubscriptionAndNamesTheRequest(String fields, String detail) {
    assertThat(read("{'op':'subscribe','id':7," + fields + "}"))
        .isEqualTo(new Malformed(Optional.of(7L), detail));
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThat(read("{'op':'subscribe','id':7,'thread':'" + "t".repeat(201) + "'}"))
        .isEqualTo(
            new Malformed(Optional.of(7L), "thread: expected a string of at most 200 chars"));
    assertThat(read("{'op':'auth','token':'" + "t".repeat(16_385) + "'}"))
        .isEqualTo(
            new Malformed(Optional.empty(), "token: expected a string of at most 16384 chars"));
    assertThat(read("{'op':'subscribe','id':7,'thread':'t','after':'" + "c".repeat(1 << 20) + "'}"))
        .isEqualTo(
            new Malformed(Optional.of(7L), "after: expected a string of at most 16384 chars"));
    String runs =
        IntStream.rangeClosed(1, 65)
            .mapToObj(run -> "'r" + run + "':[1,1]")
            .collect(Collectors.joining(","));
    assertThat(read("{'op':'subscribe','id':7,'thread':'t','runs':{" + runs + "}}"))
        .isEqualTo(new Malformed(Optional.of(7L), "runs: expected an object of at most 64 runs"));
  }

  @Test
  void shortensWhatItQuotes() {
    assertThat(read("{'op':'ping','" + "x".repeat(40_000) + "':1}"))
        .isEqualTo(new Malformed(Optional.empty(), "unknown field '" + "x".repeat(60) + "…'"));
  }

  /** One hash for all under {@code h * 33 + c}: a table of names would be spoilt for everybody. */
  @Test
  void namesThatCollideHarmNobody() {
    StringBuilder flood = new StringBuilder("{'op':'ping'");
    for (int i = 0; i < 1 << 11; i++) {
      flood.append(",'");
      for (int bit = 0; bit < 11; bit++) {
        flood.append((i >> bit & 1) == 0 ? "Ab" : "BA");
      }
      flood.append("':1");
    }
    String text = flood.append('}').toString();

    for (int time = 0; time < 100; time++) {
      assertThat(read(text))
          .isEqualTo(new Malformed(Optional.empty(), "unknown field '" + "Ab".repeat(11) + "'"));
    }
    assertThat(read("{'op':'ping'}")).isEqualTo(new Ping());
  }

  @Property
  void neverThrows(@ForAll String text, @ForAll String name, @ForAll String value) {
    assertThat(ClientFrameReader.read(text)).isInstanceOf(Malformed.class);
    assertThat(ClientFrameReader.read("{\"op\":\"ping\",\"" + name + "\":" + value + "}"))
        .isNotNull();
    assertThat(ClientFrameReader.read("{\"op\":\"ack\",\"thread\":\"" + value + "\"}"))
        .isInstanceOf(Malformed.class);
  }

  /** Written with single quotes, for the reader's eyes. */
  private static ClientFrame read(String text) {
    return ClientFrameReader.read(text.replace('\'', '"'));
  }
}
