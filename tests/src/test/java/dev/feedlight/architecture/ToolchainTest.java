package dev.feedlight.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The JVM that runs the tests is the one the build promises, whatever Maven itself runs on. */
final class ToolchainTest {
  @Test
  void runsOnJava25OrNewer() {
    assertThat(Runtime.version().feature()).isGreaterThanOrEqualTo(25);
  }

  @Test
  void vectorModuleIsInTheBootLayer() {
    assertThat(ModuleLayer.boot().findModule("jdk.incubator.vector")).isPresent();
  }

  @Test
  void nativeAccessIsGranted() {
    assertThat(ToolchainTest.class.getModule().isNativeAccessEnabled()).isTrue();
  }
}
