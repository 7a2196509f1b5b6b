package dev.feedlight.bench.fig4;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures cells by JMH, each in JVMs of its own. */
final class CellRunner {
  private static final String FAILURE_MARK = "<failure>";

  private final Preset preset;
  private final String device;
  private final int threads;
  private final long seed;

  CellRunner(Preset preset, String device, int threads, long seed) {
    this.preset = preset;
    this.device = device;
    this.threads = threads;
    this.seed = seed;
  }

  List<Double> measure(Cell cell, Schedule schedule) throws CellFailedException {
    TimeValue length = new TimeValue(schedule.millis(), TimeUnit.MILLISECONDS);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(cell.benchmark().getName()) + "\\.")
            .forks(preset.forks())
            .warmupIterations(schedule.warmUps())
            .warmupTime(length)
            .measurementIterations(schedule.iterations())
            .measurementTime(length)
            .operationsPerInvocation(schedule.replays())
            .shouldFailOnError(true)
            .param("replays", String.valueOf(schedule.replays()))
            .param("warmUpMillis", String.valueOf(preset.warmUpMillis(cell)))
            .param("batch", String.valueOf(preset.batch()))
            .param("device", device)
            .param("threads", String.valueOf(threads))
            .param("seed", String.valueOf(seed));
    cell.parameters().forEach(options::param);
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8)) {
      Collection<RunResult> results =
          new Runner(
                  options.build(),
                  OutputFormatFactory.createFormatInstance(out, VerboseMode.NORMAL))
              .run();
      return scores(results);
    } catch (RunnerException e) {
      throw new CellFailedException(reason(e, log.toString(StandardCharsets.UTF_8)), e);
    }
  }

  private static List<Double> scores(Collection<RunResult> results) throws CellFailedException {
    List<Double> scores =
        results.stream()
            .flatMap(result -> result.getBenchmarkResults().stream())
            .flatMap(fork -> fork.getIterationResults().stream())
            .map(IterationResult::getPrimaryResult)
            .map(result -> result.getScore())
            .toList();
    if (scores.isEmpty()) {
      throw new CellFailedException("JMH gave no result");
    }
    return scores;
  }

  /** The first line of the exception in the measured JVM says most. */
  private static String reason(RunnerException failure, String log) {
    int mark = log.indexOf(FAILURE_MARK);
    if (mark < 0) {
      return String.valueOf(failure.getMessage());
    }
    return log.substring(mark + FAILURE_MARK.length())
        .strip()
        .lines()
        .findFirst()
        .orElse(String.valueOf(failure.getMessage()));
  }
}
