package dev.feedlight.bench.cli;

import dev.feedlight.data.CatalogEntry;
import dev.feedlight.data.DataCatalog;
import dev.feedlight.data.DownloadSettings;
import dev.feedlight.data.Downloader;
import dev.feedlight.data.RemoteFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code data fetch}: a data set from the network, checked. */
@Command(
    name = "fetch",
    description = {
      "Fetch a data set. Sizes and SHA-256 are compared before a file is put in place; files that"
          + " are there and right are not fetched again. What breaks off stays as NAME.part, and"
          + " the next run goes on there. Proxies are those of the JVM (-Dhttps.proxyHost=...),"
          + " else of http_proxy, https_proxy and no_proxy.",
      ""
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight data fetch fashion-mnist",
      "  feedlight data fetch fashion-mnist --data-dir /data/fashion-mnist --json",
      "  feedlight data fetch climatebench",
      "  feedlight data fetch fashion-mnist --mirror https://example.org/fashion-mnist",
      "",
      "Ends with 1 if the network or the disk fails, with 2 if a file is there and different."
    })
final class DataFetchCommand implements Callable<Integer> {
  private final Streams streams;
  private final DataCatalog catalog;

  @Parameters(index = "0", paramLabel = "NAME", description = "A name of data list.")
  private String name;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Folder for the files; made if missing. Default: NAME, in the folder where the command"
              + " runs.")
  private Path directory;

  @Option(
      names = "--force",
      description =
          "Replace files that are there and different; each stays until the right one has come.")
  private boolean force;

  @Option(
      names = "--mirror",
      paramLabel = "URL",
      description =
          "Fetch from URL/FILE, or URL/ARCHIVE, alone, http or https. Default: the sources of the"
              + " catalog, in turn. Checksums hold for a mirror too.")
  private URI mirror;

  @Option(
      names = "--attempts",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Try each source up to N times where a failure may pass. Default: ${DEFAULT-VALUE}.")
  private int attempts;

  @Option(
      names = "--timeout",
      paramLabel = "S",
      defaultValue = "30",
      description =
          "Give an attempt up after S seconds without connection or without a byte. Default:"
              + " ${DEFAULT-VALUE}.")
  private int timeout;

  @Option(names = "--json", description = "End with one JSON object on standard output.")
  private boolean json;

  DataFetchCommand(Streams streams, DataCatalog catalog) {
    this.streams = streams;
    this.catalog = catalog;
  }

  /** The command line that fetches a set into a folder. */
  static String line(String name, Path directory) {
    return "./feedlight data fetch "
        + name
        + (directory.equals(folder(name, null)) ? "" : " --data-dir " + directory);
  }

  /** Where a set goes: the given folder, or one of its name. */
  static Path folder(String name, Path given) {
    return given == null ? Path.of(name) : given;
  }

  /** A command that reads the set. */
  static Optional<String> use(String name, Path folder) {
    return switch (name) {
      case DataOptions.FASHION_MNIST ->
          Optional.of("./feedlight train mlp --rule odfa --data-dir " + folder);
      case "climatebench" ->
          Optional.of(
              "./feedlight train vit --rule odfa --data climate --task climatebench --data-dir "
                  + folder);
      default -> Optional.empty();
    };
  }

  @Override
  public Integer call() throws InterruptedException {
    CatalogEntry listed = catalog.find(name);
    Path folder = folder(name, directory);
    Arguments.folder("--data-dir", folder);
    DownloadSettings settings =
        Arguments.accepted("--attempts", () -> DownloadSettings.defaults().withAttempts(attempts))
            .withTimeout(Duration.ofSeconds(Arguments.atLeast("--timeout", 1, timeout)));
    CatalogEntry entry =
        mirror == null ? listed : Arguments.accepted("--mirror", () -> listed.from(mirror));
    refuseUnpacked(entry, folder);
    FetchPrinter printer = new FetchPrinter(streams.text(json), streams.terminal());
    try (Downloader downloader = new Downloader(settings, printer)) {
      downloader.fetch(entry, folder, force);
    } finally {
      printer.end();
    }
    streams.text(json).println("folder    " + folder.toAbsolutePath().normalize());
    use(name, folder).ifPresent(line -> streams.text(json).println("use it    " + line));
    if (json) {
      streams.out().println(json(entry, folder, printer));
    }
    return Failures.DONE;
  }

  private static void refuseUnpacked(CatalogEntry entry, Path folder) {
    List<Path> unpacked = entry.readInstead(folder);
    if (!unpacked.isEmpty()) {
      throw new UsageException(
          unpacked.getFirst()
              + " is there, unpacked and unchecked, and would be read instead of the file fetched:"
              + " move it away or choose another --data-dir");
    }
  }

  private static JsonLine json(CatalogEntry entry, Path folder, FetchPrinter printer) {
    return new JsonLine()
        .put("command", "data fetch")
        .put("data", entry.name())
        .put("directory", folder.toString())
        .put("bytes", entry.bytes())
        .put("fetched", printer.fetched())
        .put("files", entry.files().stream().map(RemoteFile::name).toList());
  }
}
