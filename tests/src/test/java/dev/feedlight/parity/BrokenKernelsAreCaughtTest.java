package dev.feedlight.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.device.reference.ReferenceDevice;
import dev.feedlight.selftest.Output;
import dev.feedlight.selftest.ParityCase;
import dev.feedlight.selftest.ParityCases;
import dev.feedlight.selftest.ParityRunner;
import dev.feedlight.selftest.Tolerance;
import dev.feedlight.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A list of cases that cannot fail is worthless: each case must notice kernels that are wrong in
 * any one result, write beside it, spoil what they read, or do nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BrokenKernelsAreCaughtTest {
  private Device device;

  @BeforeAll
  void open() {
    device = ReferenceDevice.open();
  }

  @AfterAll
  void close() {
    device.close();
  }

  static List<Class<?>> operations() {
    return Operation.kinds();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void everyCaseCatchesEveryFault(Class<? extends Operation> operation) {
    List<String> survivors = new ArrayList<>();
    int idle = 0;
    int turn = 0;
    List<ParityCase> cases =
        ParityCases.all().stream().filter(c -> c.operation() == operation).toList();
    for (ParityCase parityCase : cases) {
      List<Output> expected = ParityRunner.expected(parityCase, device.precision());
      BrokenDevice skipping = broken(parityCase, Fault.skip());
      if (ParityRunner.run(skipping, parityCase, expected).passed()) {
        // Only a case in which nothing should happen may take no notice of it.
        if (!sameWords(parityCase.run(skipping), expected)) {
          survivors.add("skipped: " + parityCase);
        }
        idle++;
      }
      boolean exact = expected.stream().allMatch(o -> o.tolerance() instanceof Tolerance.Exact);
      for (Fault fault : faults(skipping.last(), exact, turn++)) {
        if (ParityRunner.run(broken(parityCase, fault), parityCase, expected).passed()) {
          survivors.add(parityCase.toString());
        }
      }
    }

    assertThat(survivors).isEmpty();
    assertThat(idle).as("cases in which nothing happens").isLessThanOrEqualTo(cases.size() / 3);
  }

  private BrokenDevice broken(ParityCase parityCase, Fault fault) {
    return new BrokenDevice(device, parityCase.operation(), fault);
  }

  /**
   * Every result wrong in turn; of the other faults one of each kind, another from case to case.
   */
  private static List<Fault> faults(Operation operation, boolean exact, int turn) {
    int results = operation.writes().size();
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < results; i++) {
      boolean bits = exact || operation.writes().get(i).dtype() != DType.F32;
      faults.add(bits ? Fault.offByOneBit(i) : Fault.inaccurate(i));
    }
    int result = turn / 2 % results;
    faults.add(turn % 2 == 0 ? Fault.writesBefore(result) : Fault.writesBehindARow(result));
    int operands = Fault.onlyRead(operation).size();
    if (operands > 0) {
      faults.add(Fault.spoils(turn % operands));
    }
    return faults;
  }

  private static boolean sameWords(List<Output> a, List<Output> b) {
    for (int i = 0; i < a.size(); i++) {
      if (!Arrays.equals(a.get(i).words(), b.get(i).words())) {
        return false;
      }
    }
    return true;
  }
}
