package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernels under sanitizers, and with their threads in every order. The stand-in is built anew
 * for each sanitizer.
 */
@Tag("exhaustive")
final class CudaSanitizersTest {
  private static final Path ROOT = Path.of(System.getProperty("feedlight.root")).normalize();

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

  /** The whole list of parity cases in a JVM of its own. */
  private static Said selftest(Path standIn, Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--add-modules"));
    command.add("jdk.incubator.vector");
    command.add("-Dfeedlight.cuda.driver=" + standIn.resolve("libcuda.so.1"));
    command.add("-Dfeedlight.cuda.images=" + standIn.resolve("images"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("selftest", "--device", "cuda"));
    return run(environment, command.toArray(String[]::new));
  }

  /** The stand-in's own test, and that the sanitizer finds what it is there for. */
  @ParameterizedTest
  @ValueSource(strings = {"address", "thread"})
  void theStandInPassesUnderASanitizer(String sanitizer) throws Exception {
    Path build = build(sanitizer);
    works("ctest", "--test-dir", build.toString(), "--output-on-failure");
  }

  /** Addresses and undefined behaviour; on every side of an allocation no byte may be touched. */
  @Test
  void everyOperationPassesUnderAddressSanitizer() throws Exception {
    Path standIn = build("address").resolve("host");
    Said library = run(Map.of(), "g++", "-print-file-name=libasan.so");
    Said said =
        selftest(
            standIn,
            Map.of(
                "LD_PRELOAD",
                library.text().strip(),
                "ASAN_OPTIONS",
                // The JVM handles its signals itself and ends without giving memory back.
                "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_abort=0:detect_leaks=0"
                    + ":detect_stack_use_after_return=0:halt_on_error=1:exitcode=99"));
    assertThat(said.code()).as(said.text()).isZero();
    assertThat(said.text()).contains(" 0 failed").doesNotContain("runtime error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "reverse", "1", "2", "3"})
  void everyOperationPassesInEveryOrderOfThreads(String order) throws Exception {
    Said said =
        selftest(ROOT.resolve("java/target/cmake/host"), Map.of("FEEDLIGHT_STANDIN_ORDER", order));
    assertThat(said.code()).as(said.text()).isZero();
    assertThat(said.text()).contains(" 0 failed");
  }
}
