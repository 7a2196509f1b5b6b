package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Activation;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.device.cpu.ForkedJava;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries of the CUDA toolkit: which are found, and what is said where one is missing. */
final class CudaLibrariesTest {
  private static final String JNI = "lib/libJCublas2-12.6.0-linux-x86_64.so";

  @BeforeEach
  void require() {
    StandIn.require();
  }

  /** Entry point of a JVM with other libraries than this one. */
  public static void main(String[] arguments) {
    CudaLibraries.detect().forEach((name, found) -> System.out.println(name + ": " + found));
    for (int attempt = 0; attempt < 2; attempt++) {
      try (CudaDevice device = CudaDevice.open()) {
        System.out.println("normals: " + device.vendorNormals().generator());
      } catch (DeviceException e) {
        System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      }
      try (CudaDevice device = CudaDevice.open(0, Precision.FP32, Products.CUBLAS)) {
        System.out.println(device.identity().libraries() + ": " + product(device));
      } catch (DeviceException e) {
        System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      }
    }
  }

  /** A product of small integers, exact in any order: [1 2] [[3 4] [5 6]]^T. */
  private static String product(CudaDevice device) {
    try (Scope scope = device.openScope("scope")) {
      Tensor x = scope.allocate("x", Shape.vector(2), DType.F32);
      Tensor y = scope.allocate("y", Shape.vector(2), DType.F32);
      Parameter weight =
          new Parameter(device, scope, "weight", new Shape(2, 2), Parameter.Group.WEIGHTS);
      device.eager().randomFill(y, Distribution.NORMAL, 1, 1);
      device.write(x, new float[] {1, 2});
      device.write(weight.value(), new float[] {3, 4, 5, 6});
      device.eager().linearForward(y, null, x, weight, null, Activation.IDENTITY);
      float[] result = new float[2];
      device.read(y, result);
      return Arrays.toString(result);
    }
  }

  private static List<String> fork(String... options) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Dfeedlight.cuda.driver=" + StandIn.driver(),
                "-Dfeedlight.cuda.images=" + StandIn.images()));
    all.addAll(List.of(options));
    Process process =
        ForkedJava.start(CudaLibrariesTest.class, Map.of(), all.toArray(String[]::new));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().filter(line -> !line.startsWith("WARNING")).toList();
  }

  /** JCuda's library for cuBLAS 12, renamed, calls 13. */
  @Test
  void cublas13WorksToo() throws Exception {
    List<String> lines =
        fork(
            "-Dfeedlight.cuda.curand=" + StandIn.library("curand", 10),
            "-Dfeedlight.cuda.cublas=" + StandIn.library("cublas", 13));
    String normals = "normals: cuRAND 10.3.7, generator PHILOX4_32_10, order PSEUDO_LEGACY";
    String products = "CUDA driver 12.6, cuBLAS 13.0.2: [11.0, 17.0]";
    assertThat(lines)
        .containsExactly("cuRAND: 10.3.7", "cuBLAS: 13.0.2", normals, products, normals, products);
  }

  @Test
  void whatIsMissingIsNamedWithTheRemedy(@TempDir Path folder) throws Exception {
    String curand = "cuRAND is not here: " + folder.resolve("r") + " cannot be loaded; correct";
    String cublas = "cuBLAS is not here: " + folder.resolve("b") + " cannot be loaded; correct";
    List<String> lines =
        fork(
            "-Dfeedlight.cuda.curand=" + folder.resolve("r"),
            "-Dfeedlight.cuda.cublas=" + folder.resolve("b"));
    assertThat(lines).hasSize(6);
    assertThat(lines.get(0)).startsWith("cuRAND: " + curand).contains("-Dfeedlight.cuda.curand");
    assertThat(lines.get(1)).startsWith("cuBLAS: " + cublas).contains("-Dfeedlight.cuda.cublas");
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(lines.get(2 + 2 * attempt)).startsWith("CudaException: " + curand);
      assertThat(lines.get(3 + 2 * attempt)).startsWith("CudaException: " + cublas);
    }
  }

  /** A machine that has the toolkit finds it, one that has not is told the names of the files. */
  @Test
  void withoutAPathTheSystemIsAsked() throws Exception {
    List<String> lines = fork();
    assertThat(lines.get(0))
        .matches(
            "cuRAND: (10[.].*|cuRAND is not here: no libcurand[.]so[.]10; install cuRAND of the"
                + " CUDA toolkit, or name its file by -Dfeedlight[.]cuda[.]curand)");
    assertThat(lines.get(1))
        .matches(
            "cuBLAS: (1[23][.].*|cuBLAS is not here: no libcublas[.]so[.]12 or libcublas[.]so[.]13;"
                + " install cuBLAS of the CUDA toolkit, or name its file by"
                + " -Dfeedlight[.]cuda[.]cublas)");
  }

  @Test
  void anotherLibraryIsRefused() throws Exception {
    List<String> lines =
        fork(
            "-Dfeedlight.cuda.curand=" + StandIn.library("cublas", 12),
            "-Dfeedlight.cuda.cublas=" + StandIn.library("curand", 10));
    assertThat(lines.get(0)).startsWith("cuRAND: ").contains("libcublas.so.12 is not cuRAND");
    assertThat(lines.get(1)).startsWith("cuBLAS: ").contains("libcurand.so.10 is not cuBLAS");
  }

  @Test
  void productsByCublasAreInFp32() {
    assertThatThrownBy(
            () -> StandIn.with(() -> CudaDevice.open(0, Precision.BF16, Products.CUBLAS)))
        .isInstanceOf(CudaException.class)
        .hasMessage(
            "products by cuBLAS are in fp32, not in bf16; run with --products own, or with"
                + " --precision fp32");
  }

  /** A capture records a product as it does a kernel: replays see what is in memory then. */
  @Test
  void productsByCublasAreReplayed() {
    try (CudaDevice device = StandIn.openWithCublas();
        Scope scope = device.openScope("scope")) {
      Tensor x = scope.allocate("x", Shape.vector(2), DType.F32);
      Tensor y = scope.allocate("y", Shape.vector(1), DType.F32);
      Parameter weight =
          new Parameter(device, scope, "weight", Shape.vector(2), Parameter.Group.WEIGHTS);
      device.write(weight.value(), new float[] {3, 4});
      device.eager().fill(y, -1);
      Runnable replay =
          device.prepare(
              Plan.record(
                  "product",
                  device.kernels(),
                  ops -> ops.linearForward(y, null, x, weight, null, Activation.IDENTITY)));
      float[] result = new float[1];
      device.read(y, result);
      assertThat(result[0]).isEqualTo(-1);
      for (int i = 1; i <= 3; i++) {
        device.write(x, new float[] {i, 2});
        replay.run();
        device.read(y, result);
        assertThat(result[0]).isEqualTo(3 * i + 8);
      }
    }
  }

  @Test
  void theSystemVHashIsThatOfTheAbi() {
    // From readelf: the version that libJCublas2 needs.
    assertThat(NeededLibrary.hash("libcublas.so.12")).isEqualTo(0x0EF62132);
    assertThat(NeededLibrary.hash("libcublas.so.13")).isEqualTo(0x0EF62133);
  }

  @Test
  void renamingChangesTheNameAndItsHashAlone() throws IOException {
    byte[] library;
    try (InputStream in = getClass().getClassLoader().getResourceAsStream(JNI)) {
      library = in.readAllBytes();
    }
    byte[] renamed = NeededLibrary.rename(library, "libcublas.so.12", "libcublas.so.13");
    int changed = 0;
    for (int i = 0; i < library.length; i++) {
      changed += library[i] == renamed[i] ? 0 : 1;
    }
    assertThat(changed).isEqualTo(2);
    assertThat(NeededLibrary.rename(renamed, "libcublas.so.13", "libcublas.so.12"))
        .isEqualTo(library);
    assertThatThrownBy(() -> NeededLibrary.rename(renamed, "libcublas.so.12", "libcublas.so.13"))
        .isInstanceOf(CudaException.class)
        .hasMessageContainingAll("libcublas.so.12 is in it 0 times", "install cuBLAS 12");
  }

  @Test
  void whatIsHereIsFoundWithItsVersion() {
    assertThat(CudaLibrary.load(CudaLibrary.Kind.CUBLAS).toString()).isEqualTo("cuBLAS 12.6.4");
    assertThat(CudaLibraries.detect()).containsEntry("cuRAND", "10.3.7");
  }
}
