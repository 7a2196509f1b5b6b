package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong arguments end with 2 and one line that says what and how to mend it. */
final class WrongArgumentsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ""                                               | which command?
          train                                            | mlp
          frobnicate                                       | frobnicate
          train mlp                                        | --rule
          train mlp --rule foo                             | one of bp, dfa, odfa, shlw, not foo
          train mlp --rule bp --frob                       | --frob
          tokenizer                                        | which command? One of train
          tokenizer train                                  | --out
          tokenizer train --out /tmp                       | --out /tmp is a folder
          tokenizer train --out t.json --data novel        | one of shakespeare, cornell, text, not novel
          tokenizer train --out t.json --data-dir d        | --data-dir has no effect with --data shakespeare
          tokenizer train --out t.json --data cornell      | needs --data-dir; the corpus is at http://
          tokenizer train --out t.json --data text         | --data text needs --data-dir
          tokenizer train --out t.json --data text --data-dir /does/not/exist | no file /does/not/exist
          tokenizer train --out t.json --data cornell --data-dir /does/not/exist | has neither movie_lines.txt
          tokenizer train --out t.json --vocabulary 255    | 256 to 1048576 tokens, the 256 bytes among them, not 255
          tokenizer train --out t.json --vocabulary 1000000 | take more text or a vocabulary of at most
          train mlp --rule bp --hidden 0                   | --hidden must be at least 1, not 0
          train mlp --rule bp --hidden 16,-3               | --hidden must be at least 1, not -3
          train mlp --rule bp --hidden wide                | 'wide'
          train mlp --rule bp --epochs 0                   | --epochs must be at least 1, not 0
          train mlp --rule bp --batch 0                    | --batch must be at least 1, not 0
          train mlp --rule bp --batch 99999999999          | 99999999999
          train mlp --rule bp --accumulate 0               | --accumulate must be at least 1, not 0
          train mlp --rule bp --batch 50 --accumulate 4    | a multiple of --accumulate 4, not 50 (2 left over)
          train mlp --rule dfa --accumulate 2 --subtract-batch-mean | --accumulate 2 splits the batch
          train mlp --rule bp --clip 0                     | --clip must be positive
          train mlp --rule bp --clip 1e39                  | not 1.0E39
          train mlp --rule bp --clip NaN                   | not NaN
          train mlp --rule bp --dropout 1                  | --dropout must lie in [0, 1)
          train mlp --rule bp --dropout -0.1               | not -0.1
          train mlp --rule bp --dropout NaN                | not NaN
          train mlp --rule bp --dropout 0.999999999        | as a 32-bit float too, not 0.999999999
          train mlp --rule bp --learning-rate -1           | --learning-rate must be positive
          train mlp --rule bp --learning-rate 1e-50        | 32-bit float too (1.4E-45 to 3.4028235E38), not 1.0E-50
          train mlp --rule bp --learning-rate 1e39         | not 1.0E39
          train mlp --rule bp --learning-rate NaN          | not NaN
          train mlp --rule bp --learning-rate Infinity     | not Infinity
          train mlp --rule bp --activation swish           | not swish
          train mlp --rule bp --optimizer rprop            | not rprop
          train mlp --rule bp --seed x                     | 'x'
          train mlp --rule bp --threads 0                  | --threads must be at least 1, not 0
          train mlp --rule bp --threads 100000             | --threads must be at most
          train mlp --rule bp --device tpu                 | one of auto, cpu, cuda, not tpu
          train mlp --rule bp --device cuda                | run with --device cpu
          train mlp --rule bp --precision fp8              | one of fp32, tf32, bf16, not fp8
          train mlp --rule bp --data imagenet              | not imagenet
          train mlp --rule bp --data-dir /does/not/exist   | not a directory
          train mlp --rule bp --bits 4                     | --bits has no effect with --rule bp
          train mlp --rule dfa --transmission stored       | no effect with --rule dfa
          train mlp --rule shlw --clock paper-fig4         | no effect with --rule shlw
          train mlp --rule dfa --ternary sign              | no effect with --rule dfa
          train mlp --rule dfa --noise on                  | no effect with --rule dfa
          train mlp --rule dfa --optics ideal              | no effect with --rule dfa
          train mlp --rule bp --subtract-batch-mean        | no effect with --rule bp
          train mlp --rule odfa --optics ideal --bits 8    | no effect with --optics ideal
          train mlp --rule odfa --optics ideal --noise off | no effect with --optics ideal
          train mlp --rule odfa --optics perfect           | paper-frames, lighton-2020, not perfect
          train mlp --rule odfa --optics ideal --mean-anchor 0.3 | no effect with --optics ideal
          train mlp --rule odfa --optics ideal --dark-offset 1 | no effect with --optics ideal
          train mlp --rule odfa --optics ideal --select    | no effect with --optics ideal
          train mlp --rule odfa --mean-anchor 0            | --mean-anchor: mean anchor level must lie in (0, 1]
          train mlp --rule odfa --dark-offset -1           | --dark-offset: dark offset must lie in [0, 256)
          train mlp --rule odfa --hot-pixels 0.7 --dead-pixels 0.7 | fractions whose sum is at most 1, not 0.7 and 0.7
          train mlp --rule odfa --select 0.5               | --select: oversampling must be finite and at least 1, not 0.5
          train mlp --rule odfa --select many              | 'many'
          train mlp --rule odfa --macropixels some         | --macropixels must be one of on, off, not some
          train mlp --rule odfa --drift 0                  | --drift: a medium decorrelates after a positive number
          train mlp --rule odfa --drift 9 --recalibrate -1 | --recalibrate: recalibration every -1 projections
          train mlp --rule odfa --recalibrate 5            | --recalibrate has no effect without --drift
          train mlp --rule odfa --floor -1                 | --floor: anchor floor must be at least 0, not -1.0
          train mlp --rule odfa --bias-removal maybe       | --bias-removal must be one of on, off, not maybe
          train mlp --rule odfa --macropixels --matrix structured | structured cannot have macropixels
          train mlp --rule odfa --optics lighton-2020 --transmission gaussian32 | or give --macropixels off
          train mlp --rule odfa --signal-scale loud        | 'loud' is neither norm nor calibrated
          train mlp --rule odfa --signal-scale norm:0      | signal gain must be positive and finite, not 0.0
          train mlp --rule odfa --signal-scale norm:x      | 'x' is not a number
          train mlp --rule odfa --project input            | --project must be one of output, last-input, not input
          train mlp --rule bp --project last-input         | --project has no effect with --rule bp
          train mlp --rule dfa --signal-scale norm         | --signal-scale has no effect with --rule dfa
          train mlp --rule dfa --mean-anchor 0.3           | --mean-anchor has no effect with --rule dfa
          train mlp --rule dfa --matrix stored             | --transmission has no effect with --rule dfa
          train mlp --rule odfa --bits 1 --mean-anchor 0.001 --hidden 16 | pixels of the anchor frame are dark
          train mlp --rule odfa --select --mean-anchor 0.02 --hidden 16 | are bright enough and not saturated
          train mlp --rule odfa --bits 0                   | 1 to 16, not 0
          train mlp --rule odfa --bits 17                  | 1 to 16, not 17
          train mlp --rule odfa --noise some               | not some
          train mlp --rule odfa --ternary rms              | the number is missing
          train mlp --rule odfa --ternary rms:x            | 'x' is not a number
          train mlp --rule odfa --ternary max:1            | must lie in [0, 1), not 1.0
          train mlp --rule odfa --ternary sign:1           | sign takes no number
          train mlp --rule odfa --ternary median:1         | 'median:1' is none of
          train mlp --rule odfa --transmission curved      | not curved
          train mlp --rule odfa --clock noon               | paper-fig4
          train mlp --rule bp --examples 5                 | no effect without --data synthetic
          train mlp --rule bp --data synthetic --data-dir . | no effect with --data synthetic
          train mlp --rule bp --data synthetic --examples 0 | --examples must be at least 1
          train mlp --rule bp --data synthetic --classes 1 | --classes must be at least 2
          train mlp --rule bp --dry-run --json             | no effect with --dry-run
          train mlp --rule dfa --alignment 0               | --alignment must be at least 1, not 0
          train mlp --rule shlw --alignment 5              | --alignment has no effect with --rule shlw
          train mlp --rule dfa --alignment-out x           | --alignment-out has no effect without --alignment
          train mlp --rule dfa --alignment 5 --alignment-out x --dry-run | no effect with --dry-run
          train mlp --rule dfa --every 5                   | --every has no effect without --checkpoint
          train mlp --rule dfa --keep 5                    | --keep has no effect without --checkpoint
          train mlp --rule dfa --resume                    | --resume has no effect without --checkpoint
          train mlp --rule dfa --checkpoint x --every 0    | --every must be at least 1, not 0
          train mlp --rule dfa --checkpoint x --keep 0     | --keep must be at least 1, not 0
          train mlp --rule dfa --checkpoint x --dry-run    | --checkpoint has no effect with --dry-run
          train mlp --rule dfa --checkpoint pom.xml        | is a file, not a folder
          train mlp --rule dfa --early-stop 2              | give --hold-back N
          train mlp --rule dfa --early-stop 0 --hold-back 9 | --early-stop must be at least 1, not 0
          train mlp --rule dfa --out x --dry-run           | --out has no effect with --dry-run
          train mlp --rule dfa --out pom.xml               | is a file, not a folder
          bench                                            | FIGURE
          bench fig4a                                      | --out
          bench fig5 --out x                               | one of fig4a, fig4b, fig4c, all
          bench fig4a --out x --preset huge                | not huge
          bench fig4a --out x --clock noon                 | lighton-2020
          bench fig4a --out x --device cuda                | run with --device cpu
          bench fig4a --out x --precision bf16             | --precision is for bench step
          bench fig4a --out x --limit-minutes -1           | --limit-minutes: a time limit must be
          bench step --out x --limit-minutes 1             | --limit-minutes has no effect with step
          bench step --out x --resume                      | --resume has no effect with step
          bench step --out x --dry-run                     | --dry-run has no effect with step
          opu                                              | project, speckle, quality
          opu project --outputs 5                          | --input
          opu project --input x --outputs 5                | x is no file that can be read
          opu project --input pom.xml --outputs 0          | --outputs must be at least 1, not 0
          opu project --input pom.xml --outputs 5          | pom.xml, line 1, has
          opu project --input pom.xml --outputs 5 --out .  | . is a folder, not a file
          opu speckle                                      | --out
          opu speckle --out pom.xml                        | --out pom.xml is a file, not a folder
          opu speckle --out x --lit 0                      | --lit must be at least 1, not 0
          opu speckle --out x --inputs 9 --lit 10          | at most the 9 mirrors of --inputs, not 10
          opu speckle --out x --lit 9 --density 0.5        | --density has no effect with --lit
          opu speckle --out x --density 0                  | --density must lie in (0, 1], not 0.0
          opu speckle --out x --width 0                    | --width must be at least 1, not 0
          opu speckle --out x --width 9999 --height 9999   | does not fit a sensor of 2219520
          opu speckle --out x --inputs 2000000             | does not fit a DMD of 1039680 mirrors
          opu speckle --out x --select                     | --select has no effect on a frame
          opu speckle --out x --clock paper-fig4           | --clock has no effect on a frame
          opu speckle --out x --height 4 --width 4 --bits 1 --mean-anchor 0.01 | are dark
          opu quality                                      | --out
          opu quality --out x --preset huge                | one of quick, full, smoke, not huge
          opu quality --out pom.xml                        | is a file, not a folder
          data                                             | list, fetch
          data list mnist                                  | no data set 'mnist' to fetch, only [fashion-mnist, climatebench]
          data list --data-dir x                           | --data-dir has no effect without NAME
          data fetch                                       | NAME
          data fetch mnist                                 | no data set 'mnist' to fetch, only [fashion-mnist, climatebench]
          data fetch fashion-mnist --data-dir pom.xml      | --data-dir pom.xml is a file, not a folder
          data fetch fashion-mnist --data-dir x --attempts 0 | --attempts: attempts must lie in 1 to 20, not 0
          data fetch fashion-mnist --data-dir x --timeout 0 | --timeout must be at least 1, not 0
          data fetch fashion-mnist --data-dir x --mirror y | is no complete http(s) URL
          doctor --device tpu                              | not tpu
          selftest --device cuda                           | run with --device cpu
          """)
  void areRefused(String line, String message) {
    CliRun run = CliRun.ofLine(line);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).startsWith("feedlight: ").contains(message);
    assertThat(run.out()).isEmpty();
    assertThat(Path.of("x")).doesNotExist();
  }

  @Test
  void aFolderWithoutTheFilesIsNamed(@TempDir Path folder) {
    CliRun run = CliRun.of("train", "mlp", "--rule", "bp", "--data-dir", folder.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains(folder.toString(), "lacks 4 of 4 files", "train-images");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " --dry-run", " --json"})
  void aBatchLargerThanTheDataIsRefused(String more) {
    CliRun run =
        CliRun.ofLine(
            "train mlp --rule bp --data synthetic --examples 10 --inputs 4 --hidden 4 --batch 11"
                + more);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains("--batch must be at most the 10 examples", "not 11");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void subtractingTheMeanOfOneSampleIsRefused() {
    CliRun run =
        CliRun.ofLine(
            "train mlp --rule dfa --data synthetic --examples 10 --inputs 4 --hidden 4 --batch 1"
                + " --subtract-batch-mean");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("at least 2 samples");
  }

  @Test
  void resultsDoNotReplaceAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("taken"), "mine");
    CliRun run = CliRun.of("bench", "fig4a", "--preset", "smoke", "--out", file.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("is a file");
    assertThat(file).hasContent("mine");
  }

  @Test
  void damagedResultsAreNotOverwritten(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("results.jsonl"), "{\"experiment\":\n");
    CliRun run = CliRun.of("bench", "fig4a", "--preset", "smoke", "--out", folder.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains("results.jsonl");
    assertThat(file).hasContent("{\"experiment\":\n");
  }

  @Test
  void aStackTraceComesOnlyWhenAskedFor() {
    String line = "train mlp --rule bp --epochs 0";
    assertThat(CliRun.ofLine(line).err()).doesNotContain("\tat ");
    CliRun verbose = CliRun.ofLine(line + " --verbose");
    assertThat(verbose.code()).isEqualTo(2);
    assertThat(verbose.err()).contains("\tat dev.feedlight.bench.cli");
    assertThat(CliRun.ofLine("train mlp --rule bp --frob --verbose").err()).contains("\tat ");
  }
}
