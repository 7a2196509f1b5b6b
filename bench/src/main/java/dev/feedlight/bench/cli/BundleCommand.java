package dev.feedlight.bench.cli;

import dev.feedlight.bench.bundle.Bundle;
import dev.feedlight.bench.bundle.BundleException;
import dev.feedlight.bench.bundle.BundleKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bundle}: an archive that runs on a Linux box with nothing but a driver. */
@Command(
    name = "bundle",
    description = {
      "Make a self-contained archive for a Linux box (x86-64) that has no Java, no compilers and no"
          + " network, only the driver of its GPU: unpack it there and run bin/feedlight.",
      "",
      "cuda: at most 48 MiB; selftest, bench, train and doctor with --device cuda, no products of"
          + " the processor, no pictures (results are drawn elsewhere by bench draw).",
      "all: at most 96 MiB; everything.",
      ""
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight bundle --device cuda",
      "  feedlight bundle --out feedlight.tar.gz --force",
      "",
      "Needs a JDK with jlink, and a jar that was built where nvcc is."
    })
final class BundleCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "all",
      description = "cuda or all: what it is for. Default: ${DEFAULT-VALUE}.")
  private String device;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The archive. Default: feedlight-DEVICE-linux-x86_64.tar.gz, in the folder where the"
              + " command runs.")
  private Path file;

  @Option(names = "--force", description = "Replace the archive if it is there.")
  private boolean force;

  @Option(names = "--json", description = "End with one JSON object on standard output.")
  private boolean json;

  BundleCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    List<String> labels = BundleKind.KINDS.stream().map(BundleKind::label).toList();
    BundleKind kind =
        BundleKind.KINDS.get(labels.indexOf(Arguments.oneOf("--device", labels, device)));
    Path target = file == null ? Path.of(kind.fileName()) : file;
    Bundle.Made made;
    try {
      made = Bundle.ofThisProgram(kind).make(target, force);
    } catch (BundleException e) {
      throw new UsageException(e.getMessage(), e);
    }
    streams
        .text(json)
        .printf(
            Locale.ROOT,
            "wrote     %s (%.1f MiB of at most %d)%n",
            made.file(),
            made.mebibytes(),
            kind.mostMebibytes());
    if (json) {
      streams
          .out()
          .println(
              new JsonLine()
                  .put("command", "bundle")
                  .put("device", kind.label())
                  .put("file", made.file().toString())
                  .put("bytes", made.bytes()));
    }
    return Failures.DONE;
  }
}
