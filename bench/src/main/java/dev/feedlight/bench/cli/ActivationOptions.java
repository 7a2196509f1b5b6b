package dev.feedlight.bench.cli;

import dev.feedlight.device.Activation;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The activation function of hidden layers. */
final class ActivationOptions {
  @Option(
      names = "--activation",
      paramLabel = "NAME",
      defaultValue = "tanh",
      description =
          "identity, relu, tanh, sigmoid or gelu, of the hidden blocks. Default: ${DEFAULT-VALUE}.")
  private String activation;

  String name() {
    return activation;
  }

  Activation activation() {
    List<Activation> all = List.of(Activation.values());
    List<String> names = all.stream().map(ActivationOptions::name).toList();
    Arguments.oneOf("--activation", names, activation);
    return all.stream().filter(a -> name(a).equals(activation)).findFirst().orElseThrow();
  }

  /** As on the command line. */
  static String name(Activation activation) {
    return activation.name().toLowerCase(Locale.ROOT);
  }
}
