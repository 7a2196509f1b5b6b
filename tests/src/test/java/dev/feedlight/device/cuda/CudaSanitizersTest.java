package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernels under sanitizers, and with their threads in every order. The stand-in is built anew
 * for each sanitizer.
 */
@Tag("exhaustive")
final class CudaSanitizersTest {
  private static final Path ROOT = Path.of(System.getProperty("feedlight.root")).normalize();

  /**
   * Options of a sanitizer: the JVM handles its signals itself, and the first report is the last.
   */
  private static final String SIGNALS =
      "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_abort=0:halt_on_error=1:exitcode=99";

  /** What a process said, both streams together. */
  private record Said(int code, String text) {}

  @BeforeAll
  static void require() {
    StandIn.require();
  }

  private static Said run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }

  private static void works(String... command) throws IOException, InterruptedException {
    Said said = run(Map.of(), command);
    assertThat(said.code()).as(String.join(" ", command) + "\n" + said.text()).isZero();
  }

  private static Path build(String sanitizer) throws IOException, InterruptedException {
    Path build = ROOT.resolve("java/target/cmake-" + sanitizer);
    works(
        "cmake",
        "-S",
        ROOT.toString(),
        "-B",
        build.toString(),
        "-DCMAKE_BUILD_TYPE=Release",
        "-DFEEDLIGHT_SANITIZE=" + sanitizer);
    works(
        "cmake",
        "--build",
        build.toString(),
        "-j2",
        "--target",
        "feedlight_smoke_test",
        "feedlight_standin");
    return build;
  }

  /**
   * Parity cases of kernels that only some GPUs and precisions choose.
   *
   * @param precision of dense layers
   * @param capability of the GPU
   * @param filter what names of cases contain; empty for all
   */
  record Kernels(String precision, int capability, String filter) {
    /** Everything, then what else there is for dense layers and for projections. */
    static final List<Kernels> ALL =
        List.of(
            new Kernels("fp32", 90, ""),
            new Kernels("tf32", 90, "Linear"),
            new Kernels("bf16", 90, "Linear"),
            new Kernels("bf16", 80, "Linear"),
            new Kernels("fp32", 80, "SpeckleProject"));

    Map<String, String> with(Map<String, String> environment) {
      Map<String, String> all = new HashMap<>(environment);
      all.put("FEEDLIGHT_STANDIN_CAPABILITY", String.valueOf(capability));
      return all;
    }
  }

  static Stream<Arguments> kernels() {
    return Kernels.ALL.stream().map(Arguments::of);
  }

  /** Cases in a JVM of their own. */
  private static Said selftest(Path standIn, Kernels kernels, Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--add-modules"));
    command.add("jdk.incubator.vector");
    command.add("-Dfeedlight.cuda.driver=" + standIn.resolve("libcuda.so.1"));
    command.add("-Dfeedlight.cuda.images=" + standIn.resolve("images"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("selftest", "--device", "cuda", "--precision", kernels.precision()));
    command.addAll(List.of("--filter", kernels.filter()));
    return run(kernels.with(environment), command.toArray(String[]::new));
  }

  /** The stand-in's own test, and that the sanitizer finds what it is there for. */
  @ParameterizedTest
  @ValueSource(strings = {"address", "thread"})
  void theStandInPassesUnderASanitizer(String sanitizer) throws Exception {
    Path build = build(sanitizer);
    works("ctest", "--test-dir", build.toString(), "--output-on-failure");
  }

  private static String library(String name) throws IOException, InterruptedException {
    return run(Map.of(), "g++", "-print-file-name=" + name).text().strip();
  }

  /** Addresses and undefined behaviour; on every side of an allocation no byte may be touched. */
  @ParameterizedTest
  @MethodSource("kernels")
  void everyOperationPassesUnderAddressSanitizer(Kernels kernels) throws Exception {
    Said said =
        selftest(
            build("address").resolve("host"),
            kernels,
            Map.of(
                "LD_PRELOAD",
                library("libasan.so"),
                "ASAN_OPTIONS",
                // The JVM ends without giving memory back.
                SIGNALS + ":detect_leaks=0:detect_stack_use_after_return=0"));
    assertThat(said.code()).as(said.text()).isZero();
    assertThat(said.text()).contains(" 0 failed").doesNotContain("runtime error");
  }

  /** Every thread of a block is one of its own, so a missing barrier is a race. */
  @ParameterizedTest
  @MethodSource("kernels")
  void everyOperationPassesUnderThreadSanitizer(Kernels kernels) throws Exception {
    Said said =
        selftest(
            build("thread").resolve("host"),
            kernels,
            Map.of(
                "LD_PRELOAD",
                library("libtsan.so"),
                "TSAN_OPTIONS",
                // The JVM was not compiled for it.
                SIGNALS + ":ignore_noninstrumented_modules=1:report_signal_unsafe=0"));
    assertThat(said.code()).as(said.text()).isZero();
    assertThat(said.text()).contains(" 0 failed").doesNotContain("data race");
  }

  static Stream<Arguments> orders() {
    return Stream.of("forward", "reverse", "1", "2", "3")
        .flatMap(order -> Kernels.ALL.stream().map(kernels -> Arguments.of(order, kernels)));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void everyOperationPassesInEveryOrderOfThreads(String order, Kernels kernels) throws Exception {
    Said said =
        selftest(
            ROOT.resolve("java/target/cmake/host"),
            kernels,
            Map.of("FEEDLIGHT_STANDIN_ORDER", order));
    assertThat(said.code()).as(said.text()).isZero();
    assertThat(said.text()).contains(" 0 failed");
  }
}
