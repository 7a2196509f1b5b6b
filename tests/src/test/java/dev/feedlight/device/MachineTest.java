package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MachineTest {
  private static final List<String> X86 =
      List.of(
          "processor\t: 0",
          "model\t\t: 106",
          "model name\t: Intel(R) Xeon(R)   CPU @ 2.60GHz",
          "flags\t\t: fpu sse avx2 fma avx512_vnni avx512f hypervisor");

  private static final List<String> ARM =
      List.of("processor : 0", "Features : fp asimd sve i8mm", "CPU part : 0xd40");

  @Test
  void readsModelAndInstructionSetsOfX86() {
    assertThat(Machine.cpuModel(X86, "amd64")).isEqualTo("Intel(R) Xeon(R) CPU @ 2.60GHz");
    assertThat(Machine.instructionSets(X86))
        .containsExactly("avx2", "fma", "avx512f", "avx512_vnni");
  }

  @Test
  void readsInstructionSetsOfArmWhichNamesNoModel() {
    assertThat(Machine.cpuModel(ARM, "aarch64")).isEqualTo("aarch64");
    assertThat(Machine.instructionSets(ARM)).containsExactly("asimd", "i8mm", "sve");
  }

  @Test
  void saysWhatItCanWhereTheSystemTellsNothing() {
    assertThat(Machine.cpuModel(List.of(), "riscv64")).isEqualTo("riscv64");
    assertThat(Machine.instructionSets(List.of())).isEmpty();
  }

  @Test
  void describesThisMachine() {
    Machine machine = Machine.detect();
    assertThat(machine.processors()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(machine.memoryBytes()).isGreaterThanOrEqualTo(Runtime.getRuntime().totalMemory());
    assertThat(machine.describe())
        .contains(machine.cpu(), System.getProperty("java.runtime.version"))
        .doesNotContain("\n");
  }
}
