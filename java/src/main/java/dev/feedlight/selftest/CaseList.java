package dev.feedlight.selftest;

import dev.feedlight.device.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects cases of one seed; names are unique. */
final class CaseList {
  private final long seed;
  private final Map<String, ParityCase> cases = new LinkedHashMap<>();

  CaseList(long seed) {
    this.seed = seed;
  }

  /** Adds a case; {@code variant} says what is special besides the shapes, and may be empty. */
  void add(
      Class<? extends Operation> operation, String shapes, String variant, ParityCase.Body body) {
    ParityCase parityCase = new ParityCase(operation, shapes, variant, seed, body);
    if (cases.put(parityCase.name(), parityCase) != null) {
      throw new IllegalStateException("two parity cases are called " + parityCase.name());
    }
  }

  List<ParityCase> toList() {
    return List.copyOf(cases.values());
  }
}
