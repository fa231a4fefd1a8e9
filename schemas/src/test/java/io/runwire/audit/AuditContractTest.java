package io.runwire.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.junit.jupiter.api.Test;

/** What is written is what the published schema says. */
class AuditContractTest {
  private static final String BASE = "https://runwire.io/contract/";
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry.schemaIdResolvers(
                  ids -> ids.mapPrefix(BASE, "classpath:io/runwire/contract/")));

  private final NotarisedLog log = new NotarisedLog(5, 0);

  @Test
  void recordsOfTheNotaryAreOfTheirSchema() throws Exception {
    log.run("t", "r", 12);
    log.sign();
    for (CheckpointRecord checkpoint : log.checkpoints) {
      assertValid("record", checkpoint.toJson());
    }
    for (MemoryRecord memory : log.resumed(log.checkpoints).memory(NotarisedLog.KEY, 1)) {
      assertValid("record", memory.toJson());
    }
  }

  @Test
  void linesOfABundleAreOfTheirSchema() {
    log.run("t", "r", 12);
    log.sign();
    log.bundle("t", "r").forEach(line -> assertValid("bundleLine", line.toJson()));
  }

  @Test
  void theSchemaRefusesWhatIsNoneOfThem() {
    assertThat(schema("record").validate("{\"note\":\"x\"}", InputFormat.JSON)).isNotEmpty();
    assertThat(schema("bundleLine").validate("{\"runwire\":\"bundle\"}", InputFormat.JSON))
        .isNotEmpty();
  }

  private static void assertValid(String definition, String json) {
    assertThat(schema(definition).validate(json, InputFormat.JSON)).as(json).isEmpty();
  }

  private static Schema schema(String definition) {
    return SCHEMAS.getSchema(SchemaLocation.of(BASE + "audit.schema.json#/$defs/" + definition));
  }
}
