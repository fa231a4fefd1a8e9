package io.runwire.deploy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Takes a replay in order; a reader that is slow slows the download down. */
public interface ReplayReader {
  void record(ReplayRecord record) throws IOException, InterruptedException;

  /** Records are missing here. */
  void gap(JsonNode gap) throws IOException;

  /** That was all, over all interruptions. */
  void end(String cursor, long events) throws IOException;
}
