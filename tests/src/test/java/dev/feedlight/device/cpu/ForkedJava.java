package dev.feedlight.device.cpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a main class of the tests in a JVM of its own, with this one's class path. */
public final class ForkedJava {
  /**
   * What a run left.
   *
   * @param exitCode 0 if all went well
   * @param output both streams
   */
  public record Result(int exitCode, String output) {}

  private ForkedJava() {}

  static Result run(Class<?> main, Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    return finish(start(main, environment, options));
  }

  /** Starts it; the class gets no arguments, options may define system properties. */
  public static Process start(Class<?> main, Map<String, String> environment, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }

  static Result finish(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}
