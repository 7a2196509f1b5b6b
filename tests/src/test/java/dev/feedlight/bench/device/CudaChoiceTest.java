package dev.feedlight.bench.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cpu.ForkedJava;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.CudaStatus;
import dev.feedlight.device.cuda.StandIn;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code auto} and {@code cuda} take, with a driver and without. */
final class CudaChoiceTest {
  /** Entry point of a JVM without a driver: a process looks for it once. */
  public static void main(String[] arguments) {
    for (int attempt = 0; attempt < 2; attempt++) {
      try (CudaDevice device = CudaDevice.open()) {
        System.out.println("opened " + device.description());
      } catch (DeviceException e) {
        System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      }
    }
    System.out.println("status: " + CudaStatus.detect());
    try (DeviceChoice choice = DeviceChoice.open("auto", 1)) {
      System.out.println("auto took " + choice.device().name() + " (" + choice.reason() + ")");
    }
    try (DeviceChoice choice = DeviceChoice.open("cuda", 1)) {
      System.out.println("cuda took " + choice.device().name());
    } catch (UnavailableDeviceException e) {
      System.out.println(e.getMessage());
    }
  }

  @Test
  void withoutADriverThereIsOneClearLine(@TempDir Path folder) throws Exception {
    Path driver = folder.resolve("libcuda.so.1");
    String reason = "no NVIDIA driver: Can't load library: " + driver;
    String remedy = "; install the driver of the GPU, or run with --device cpu";
    Process process =
        ForkedJava.start(
            CudaChoiceTest.class,
            Map.of(),
            "--add-modules=jdk.incubator.vector",
            "-Dfeedlight.cuda.driver=" + driver);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    List<String> lines = output.lines().filter(line -> !line.startsWith("WARNING")).toList();
    assertThat(lines.subList(0, 2)).containsOnly("CudaException: " + reason + remedy);
    assertThat(lines.get(2)).startsWith("status: " + reason + remedy);
    assertThat(lines.get(3)).isEqualTo("auto took cpu (auto: " + reason + ")");
    assertThat(lines.get(4)).isEqualTo("--device cuda: " + reason + remedy);
    assertThat(lines).hasSize(5);
  }

  @Test
  void autoTakesTheGpuAndSaysSo() {
    try (DeviceChoice choice = StandIn.with(() -> DeviceChoice.open("auto", 1))) {
      assertThat(choice.device().name()).isEqualTo("cuda");
      assertThat(choice.line()).startsWith("cuda: ").endsWith("(auto: a GPU is there)");
    }
    try (DeviceChoice choice = StandIn.with(() -> DeviceChoice.open("cuda", 1))) {
      assertThat(choice.line()).startsWith("cuda: ").endsWith("(asked for)");
    }
  }

  @Test
  void everyPrecisionIsToBeHadOnAGpu() {
    for (Precision precision : Precision.values()) {
      try (DeviceChoice choice = StandIn.with(() -> DeviceChoice.open("auto", 1, precision))) {
        assertThat(choice.device().name()).isEqualTo("cuda");
        assertThat(choice.device().precision()).isEqualTo(precision);
        assertThat(choice.line()).contains(precision.label() + " products");
      }
    }
  }
}
