package dev.feedlight.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Operation;
import dev.feedlight.selftest.ParityCase;
import dev.feedlight.selftest.ParityCases;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A kernel that nobody compares with the oracle does not get in. */
final class EveryOperationHasAParityCaseTest {
  @Test
  void everyRecordOfTheSealedInterface() {
    Set<Class<?>> covered =
        ParityCases.all().stream().map(ParityCase::operation).collect(Collectors.toSet());

    assertThat(covered).containsExactlyInAnyOrderElementsOf(Operation.kinds()).isNotEmpty();
  }

  @Test
  void namesAreUniqueAndSaySeedAndShapes() {
    assertThat(ParityCases.all()).extracting(ParityCase::name).doesNotHaveDuplicates();
    assertThat(ParityCases.all(7))
        .allSatisfy(
            parityCase -> {
              assertThat(parityCase.seed()).isEqualTo(7);
              assertThat(parityCase.name()).contains(parityCase.shapes());
            });
  }

  @Test
  void permittedSubclassesAreAllRecords() {
    assertThat(Operation.kinds()).isNotEmpty().allMatch(Class::isRecord);
  }
}
