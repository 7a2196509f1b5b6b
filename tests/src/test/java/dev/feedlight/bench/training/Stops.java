package dev.feedlight.bench.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Ends runs on their way, and compares what they left. */
public final class Stops {
  private Stops() {}

  /** What a kill leaves: nothing runs any more, not even the checkpoint of this step. */
  public static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Never. */
  public static BooleanSupplier never() {
    return () -> false;
  }

  /** Asks to end at a number of calls: one comes after each step. */
  public static BooleanSupplier interruptedAt(int call) {
    int[] calls = {0};
    return () -> ++calls[0] == call;
  }

  /** Dies there. */
  public static BooleanSupplier killedAt(int call) {
    BooleanSupplier now = interruptedAt(call);
    return () -> {
      if (now.getAsBoolean()) {
        throw new Killed();
      }
      return false;
    };
  }

  /** Lines of JSON, but for measured times. */
  public static List<JsonNode> untimed(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      ObjectNode object = (ObjectNode) new ObjectMapper().readTree(line);
      object.remove("seconds");
      lines.add(object);
    }
    return lines;
  }
}
