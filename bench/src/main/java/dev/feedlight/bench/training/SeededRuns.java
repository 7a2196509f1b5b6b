package dev.feedlight.bench.training;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/** An experiment whose curves are each run with several seeds, every run in a folder of its own. */
public interface SeededRuns {
  /** Name in result files. */
  String experiment();

  /** First seed; the others follow it. */
  long seed();

  /** Runs of each curve. */
  int seeds();

  /** For results. */
  Path directory();

  /** The seeds of every curve. */
  default List<Long> allSeeds() {
    return LongStream.range(seed(), seed() + seeds()).boxed().toList();
  }

  /** What the runs need to go on, and what they came to. */
  default Path runs() {
    return directory().resolve(experiment() + "-runs");
  }

  /** The same of one run. */
  default Path folder(String curve, long runSeed) {
    return runs().resolve(curve + "-seed" + runSeed);
  }
}
