package dev.feedlight.bench.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.bench.Main;
import dev.feedlight.device.cuda.KernelImages;
import dev.feedlight.device.cuda.StandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bundle, unpacked and run in empty folders with an empty environment. Its kernels are those of
 * the stand-in, whose driver is found by the name that a real one has.
 */
final class CudaBundleTest {
  private static final Path ROOT = Path.of(System.getProperty("feedlight.root")).normalize();
  private static final Path JAR = ROOT.resolve("bench/target/benchmarks.jar");
  private static final long MEBIBYTE = 1 << 20;

  /** A blank in every path shows what is not quoted. */
  @TempDir static Path folder;

  private static Path unpacked;
  private static Bundle.Made made;

  /** What a run said. */
  private record Run(int code, String out, String err) {}

  @BeforeAll
  static void unpack() throws Exception {
    requireJar();
    made = bundle(BundleKind.CUDA).make(folder.resolve("bundle.tar.gz"), false);
    unpacked = unpack(made.file(), Files.createDirectory(folder.resolve("some where")));
  }

  private static void requireJar() {
    StandIn.require();
    if (!Files.isRegularFile(JAR)) {
      String reason = JAR + " was not built: mvn package builds it";
      if (System.getenv("FEEDLIGHT_REQUIRE_STANDIN") != null) {
        fail(reason);
      }
      Assumptions.abort(reason);
    }
  }

  private static Bundle bundle(BundleKind kind) {
    return new Bundle(kind, JAR, StandIn.with(KernelImages::find), ToolProvider.findFirst("jlink"));
  }

  private static Path unpack(Path archive, Path into) throws Exception {
    Process tar =
        new ProcessBuilder("tar", "xzf", archive.toString(), "-C", into.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    try (Stream<Path> list = Files.list(into)) {
      return list.findFirst().orElseThrow();
    }
  }

  /** Nobody's home is written to. */
  @AfterAll
  static void nothingIsLeftOutside() throws IOException {
    if (unpacked != null) {
      assertThat(folder.resolve("cache")).isDirectory();
    }
  }

  private static Run run(
      String launcher, Path directory, Map<String, String> environment, String... args)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", launcher));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      fail(String.join(" ", command) + " does not end");
    }
    return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** With nothing but what finds the driver, and a private place for unpacked libraries. */
  private static Map<String, String> standIn() {
    return Map.of(
        "LD_LIBRARY_PATH",
        ROOT.resolve("java/target/cmake/host").toString(),
        "XDG_CACHE_HOME",
        folder.resolve("cache").toString());
  }

  private static String launcher() {
    return unpacked.resolve("bin/feedlight").toString();
  }

  @Test
  void itIsSmallAndHoldsNoProductsOfTheProcessor() throws Exception {
    assertThat(made.bytes()).isEqualTo(Files.size(made.file())).isLessThanOrEqualTo(48 * MEBIBYTE);
    assertThat(unpacked.resolve("LICENSE")).isNotEmptyFile();
    assertThat(unpacked.resolve("README.txt")).content().contains("bin/feedlight doctor");
    assertThat(Files.isExecutable(unpacked.resolve("bin/feedlight"))).isTrue();
    assertThat(unpacked.resolve("runtime/release"))
        .content()
        .contains("jdk.incubator.vector")
        .doesNotContain("java.desktop");
    Run cpu = run(launcher(), empty(), standIn(), "selftest", "--device", "cpu");
    assertThat(cpu.code()).isNotZero();
    assertThat(cpu.err()).contains("libdnnl");
  }

  private static Path empty() throws IOException {
    return Files.createTempDirectory(folder, "empty");
  }

  @Test
  void doctorSeesTheDriverByWhateverNameTheLauncherHas() throws Exception {
    Path elsewhere = empty();
    Path link =
        Files.createSymbolicLink(elsewhere.resolve("a link"), unpacked.resolve("bin/feedlight"));
    Files.createSymbolicLink(elsewhere.resolve("second"), link.getFileName());
    Run run = run("second", elsewhere, standIn(), "doctor", "--device", "cuda", "--json");
    assertThat(run.err()).doesNotContain("feedlight:");
    assertThat(run.code()).isZero();
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.get("device").asText()).contains("stand-in");
    assertThat(json.get("java_home").asText()).startsWith(unpacked.toRealPath().toString());
    assertThat(json.get("commit").asText()).matches("unknown|[0-9a-f]{40,64}(-dirty)?");
  }

  @Test
  void selftestPassesAndArgumentsArriveAsTheyAre() throws Exception {
    Run run =
        run(launcher(), empty(), standIn(), "selftest", "--device", "cuda", "--filter", "fill 1");
    assertThat(run.err()).doesNotContain("feedlight:");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Fill 1", " 0 failed").doesNotContain("LinearForward");
  }

  @Test
  void withoutADriverItSaysSo() throws Exception {
    Run run =
        run(
            launcher(),
            empty(),
            Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()),
            "selftest",
            "--device",
            "cuda");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("no NVIDIA driver", "install the driver of the GPU");
  }

  @Test
  void measurementsForkTheBundlesOwnJavaAndAreDrawnElsewhere() throws Exception {
    Path directory = empty();
    Run run =
        run(
            launcher(),
            directory,
            standIn(),
            "bench",
            "fig4c",
            "--preset",
            "smoke",
            "--device",
            "cuda",
            "--out",
            "results");
    assertThat(run.err()).doesNotContain("feedlight:");
    assertThat(run.code()).isZero();
    assertThat(run.out().lines().filter(line -> line.startsWith("pictures")))
        .singleElement()
        .asString()
        .contains("./feedlight bench draw");
    Path results = directory.resolve("results");
    assertThat(results.resolve("fig4c.png")).doesNotExist();
    assertThat(Files.readAllLines(results.resolve("results.jsonl")))
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(new ObjectMapper().readTree(line).get("device").asText())
                    .isEqualTo("cuda"));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    int code =
        Main.run(new String[] {"bench", "draw", "--out", results.toString()}, stream, stream);
    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(results.resolve("fig4c.png")).isNotEmptyFile();
    assertThat(results.resolve("fig4c.svg")).content().contains("stand-in");
  }

  /** The repository's launcher and the bundle's give the JVM the same options. */
  @Test
  void bothLaunchersHaveTheSameOptions() throws IOException {
    assertThat(options(unpacked.resolve("bin/feedlight")))
        .isNotEmpty()
        .isEqualTo(options(ROOT.resolve("feedlight")));
  }

  private static List<String> options(Path launcher) throws IOException {
    return Files.readAllLines(launcher).stream()
        .filter(line -> line.startsWith("exec ") && line.endsWith("\\"))
        .map(line -> line.substring(line.indexOf("bin/java\"") + "bin/java\"".length()))
        .toList();
  }

  @Test
  void whatCannotBeMadeIsRefusedAndLeavesNothing() throws IOException {
    Path directory = empty();
    Path target = directory.resolve("bundle.tar.gz");
    KernelImages none = StandIn.with(directory, KernelImages::find);
    Optional<ToolProvider> jlink = ToolProvider.findFirst("jlink");
    assertThatThrownBy(() -> new Bundle(BundleKind.CUDA, JAR, none, jlink).make(target, false))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("built without nvcc", "fill.fatbin", "install nvcc");
    KernelImages images = StandIn.with(KernelImages::find);
    assertThatThrownBy(
            () -> new Bundle(BundleKind.CUDA, JAR, images, Optional.empty()).make(target, false))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("has no jlink", "FEEDLIGHT_JAVA_HOME");
    assertThat(directory).isEmptyDirectory();
    Files.writeString(target, "mine");
    assertThatThrownBy(() -> bundle(BundleKind.CUDA).make(target, false))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll(target + " is there already", "--force");
    assertThat(target).content().isEqualTo("mine");
  }

  /** The full one, and that it holds the same files when it is made again. */
  @Test
  @Tag("exhaustive")
  void theFullOneIsSmallEnoughAndDraws() throws Exception {
    Path target = folder.resolve("all.tar.gz");
    Bundle.Made all = bundle(BundleKind.ALL).make(target, false);
    assertThat(all.bytes()).isLessThanOrEqualTo(96 * MEBIBYTE);
    Path whole = unpack(target, Files.createDirectory(folder.resolve("whole")));
    Run run =
        run(
            whole.resolve("bin/feedlight").toString(),
            empty(),
            standIn(),
            "bench",
            "fig4c",
            "--preset",
            "smoke",
            "--device",
            "cpu",
            "--out",
            "results");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("fig4c.png");
    Map<String, Long> files = checksums(whole);
    assertThat(files).hasSizeGreaterThan(20).containsKey("lib/feedlight.jar");
    bundle(BundleKind.ALL).make(target, true);
    Path again = unpack(target, Files.createDirectory(folder.resolve("again")));
    assertThat(checksums(again)).isEqualTo(files);
  }

  /** Of all files but the Java modules: jlink orders constants as its threads come. */
  private static Map<String, Long> checksums(Path root) throws IOException {
    Map<String, Long> sums = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        CRC32 sum = new CRC32();
        sum.update(Files.readAllBytes(path));
        sums.put(root.relativize(path).toString(), sum.getValue());
      }
    }
    sums.remove("runtime/lib/modules");
    return sums;
  }
}
