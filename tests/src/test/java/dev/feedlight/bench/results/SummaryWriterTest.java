package dev.feedlight.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SummaryWriterTest {
  private static final Machine MACHINE =
      new Machine("a processor", 2, List.of("avx2"), 8L << 30, "an OS", "a JDK");

  @TempDir private Path directory;

  @Test
  void saysWhatRanAndWhere() {
    assertThat(writer().markdown(List.of()))
        .isEqualTo(
            """
            # Fig. 4

            ```
            ./feedlight bench all
            ```

            - date: 2025-06-01 12:30 UTC
            - commit: 0123abc
            - machine: a processor, 2 processors, 8.0 GiB memory, avx2; an OS; a JDK

            ![fig4a](fig4a.png)

            """);
  }

  @Test
  void aTableHasWhatDiffersAsColumnsAndSaysTheRestOnce() {
    List<ResultLine> lines =
        List.of(
            time("fig4a", ResultLine.Rule.BP, 128, 0.00012345),
            time("fig4a", ResultLine.Rule.DFA, 3080, 13.0912),
            ResultLine.of("fig4c", Metric.RATIO_STEP).data("a|b").value(10000).build());
    assertThat(writer().markdown(lines))
        .contains(
            """
            ## fig4a: ms_per_sample (ms)

            In every row: clock none, batch 32.

            | rule | width | value | low | high | n |
            | ---: | ---: | ---: | ---: | ---: | ---: |
            | bp | 128 | 1.235e-04 | 0 | 26.18 | 5 |
            | dfa | 3080 | 13.09 | 0 | 26.18 | 5 |

            ## fig4c: ratio_step (1)

            | data | value | low | high | n |
            | ---: | ---: | ---: | ---: | ---: |
            | a\\|b | 10000 |  |  |  |
            """);
  }

  @Test
  void writesThePage() throws IOException {
    Path file = directory.resolve("out/summary.md");
    writer().write(file, List.of());
    assertThat(Files.readString(file)).isEqualTo(writer().markdown(List.of()));
  }

  private static ResultLine time(String experiment, ResultLine.Rule rule, int width, double ms) {
    return ResultLine.of(experiment, Metric.MS_PER_SAMPLE)
        .rule(rule)
        .clock(ResultLine.Clock.NONE)
        .width(width)
        .batch(32)
        .value(ms)
        .spread(0, 26.1824)
        .n(5)
        .build();
  }

  private static SummaryWriter writer() {
    return new SummaryWriter(
        "Fig. 4",
        "./feedlight bench all\n",
        MACHINE,
        "0123abc",
        Instant.parse("2025-06-01T12:30:59Z"),
        List.of("fig4a.png"));
  }
}
