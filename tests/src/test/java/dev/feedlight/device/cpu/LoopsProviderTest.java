package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The choice of loops, with the module and, in another JVM, without; and what both refuse. */
final class LoopsProviderTest {
  @Test
  void takesTheVectorLoopsWhereTheModuleIs() {
    LoopsProvider.Choice choice = LoopsProvider.choose();
    assertThat(choice.loops()).isInstanceOf(VectorLoops.class);
    assertThat(choice.note()).contains("vector loops").hasLineCount(1);
  }

  @Test
  void takesThePlainLoopsWithoutTheModuleAndSaysHowToMendIt() throws Exception {
    ForkedJava.Result result = ForkedJava.run(WithoutModule.class, Map.of());
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("PlainLoops", "--add-modules jdk.incubator.vector", "sum of squares 14.0");
  }

  @Test
  void refusesALabelThatIsNoClass() {
    for (Loops loops : new Loops[] {new PlainLoops(), new VectorLoops()}) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment logits = arena.allocate(40, 64).fill((byte) 1);
        long address = logits.address();
        for (int label : new int[] {-1, 10}) {
          assertThatThrownBy(() -> loops.softmaxCrossEntropy(address, address, 10, label, 1))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining(label + " does not lie in [0, 10)");
        }
        assertThat(logits.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 1);
      }
    }
  }

  /** Entry point of the JVM without the module. */
  static final class WithoutModule {
    private WithoutModule() {}

    public static void main(String[] arguments) {
      LoopsProvider.Choice choice = LoopsProvider.choose();
      System.out.println(choice.loops().getClass().getSimpleName() + ": " + choice.note());
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3);
        System.out.println("sum of squares " + choice.loops().sumOfSquares(values.address(), 3));
      }
    }
  }
}
