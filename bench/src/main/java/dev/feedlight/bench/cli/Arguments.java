package dev.feedlight.bench.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Checks of arguments that several commands share, with one wording. */
final class Arguments {
  private Arguments() {}

  static long atLeast(String option, long least, long value) {
    if (value < least) {
      throw new UsageException(option + " must be at least " + least + ", not " + value);
    }
    return value;
  }

  /** A number that devices hold in fp32: one that is 0 or infinite there is refused. */
  static double positive(String option, double value) {
    float held = (float) value;
    if (!(held > 0) || Float.isInfinite(held)) {
      throw new UsageException(
          option
              + " must be positive and finite, as a 32-bit float too ("
              + Float.MIN_VALUE
              + " to "
              + Float.MAX_VALUE
              + "), not "
              + value);
    }
    return value;
  }

  /** A probability below 1, as devices hold it in fp32. */
  static double fraction(String option, double value) {
    if (!((float) value >= 0 && (float) value < 1)) {
      throw new UsageException(option + " must lie in [0, 1), as a 32-bit float too, not " + value);
    }
    return value;
  }

  static String oneOf(String option, List<String> allowed, String value) {
    if (!allowed.contains(value)) {
      throw new UsageException(
          option + " must be one of " + String.join(", ", allowed) + ", not " + value);
    }
    return value;
  }

  /** A constant as options name it: {@code UNIT_VARIANCE} is {@code unit-variance}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The constant of that {@link #word}. */
  static <E extends Enum<E>> E constant(String option, Class<E> type, String word) {
    List<E> all = List.of(type.getEnumConstants());
    List<String> words = all.stream().map(Arguments::word).toList();
    return all.get(words.indexOf(oneOf(option, words, word)));
  }

  /** A batch, of which there must be one at least. */
  static void wholeBatch(int batch, long examples, String what) {
    if (batch > examples) {
      throw new UsageException(
          "--batch must be at most the " + examples + " " + what + ", not " + batch);
    }
  }

  /** A folder for results, which may be missing. */
  static void folder(String option, Path directory) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new UsageException(option + " " + directory + " is a file, not a folder");
    }
  }

  /** Runs a library call whose complaints are about arguments. */
  static <T> T accepted(String option, Supplier<T> call) {
    try {
      return call.get();
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + ": " + e.getMessage(), e);
    }
  }

  /** Refuses options that were given but would have no effect. */
  static void refuse(CommandSpec spec, String because, List<String> options) {
    for (String name : options) {
      OptionSpec option = spec.findOption(name);
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new UsageException(name + " has no effect " + because + ": leave it out");
      }
    }
  }
}
