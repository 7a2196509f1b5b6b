package dev.feedlight.bench.cli;

import dev.feedlight.data.CatalogEntry;
import dev.feedlight.data.DataCatalog;
import dev.feedlight.data.FileStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code data list}: what can be fetched and what is here. */
@Command(
    name = "list",
    description = {
      "List the data sets that can be fetched: what each is for, its size and licence, its folder,"
          + " and whether its files are there with the right size and SHA-256. Uses no network.",
      ""
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight data list",
      "  feedlight data list fashion-mnist --data-dir /data/fashion-mnist --json"
    })
final class DataListCommand implements Callable<Integer> {
  private final Streams streams;
  private final DataCatalog catalog;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Only this data set. Default: all.")
  private String name;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "With NAME: look into this folder. Default: NAME, in the folder where the command runs.")
  private Path directory;

  @Option(names = "--json", description = "Print one JSON object on standard output, nothing else.")
  private boolean json;

  DataListCommand(Streams streams, DataCatalog catalog) {
    this.streams = streams;
    this.catalog = catalog;
  }

  @Override
  public Integer call() throws IOException {
    if (name == null) {
      Arguments.refuse(spec, "without NAME", List.of("--data-dir"));
    }
    List<CatalogEntry> entries = name == null ? catalog.entries() : List.of(catalog.find(name));
    List<Map<String, Object>> objects = new ArrayList<>();
    for (CatalogEntry entry : entries) {
      Path folder = DataFetchCommand.folder(entry.name(), directory);
      List<FileStatus> files = entry.status(folder);
      if (json) {
        objects.add(object(entry, folder, files));
      } else {
        print(entry, folder, files);
      }
    }
    if (json) {
      streams.out().println(new JsonLine().put("command", "data list").put("data", objects));
    }
    return Failures.DONE;
  }

  private void print(CatalogEntry entry, Path folder, List<FileStatus> files) {
    PrintStream out = streams.out();
    out.println(entry.name());
    out.println("  what      " + entry.purpose());
    out.println("  size      " + size(entry));
    out.println("  licence   " + entry.licence() + ", " + entry.home());
    out.println("  folder    " + folder.toAbsolutePath().normalize());
    out.println("  state     " + state(files));
    files.stream()
        .filter(file -> !file.complete() && file.state() != FileStatus.State.MISSING)
        .forEach(file -> out.println("            " + file));
    entry
        .readInstead(folder)
        .forEach(
            path -> out.println("            " + path + " is unpacked: read, but not checked"));
    if (files.stream().allMatch(FileStatus::complete)) {
      DataFetchCommand.use(entry.name(), folder)
          .ifPresent(use -> out.println("  use it    " + use));
    } else {
      out.println("  fetch it  " + DataFetchCommand.line(entry.name(), folder));
    }
  }

  private static String state(List<FileStatus> files) {
    long complete = files.stream().filter(FileStatus::complete).count();
    return complete == files.size()
        ? "complete, checksums right"
        : String.format(Locale.ROOT, "%d of %d files are there and right", complete, files.size());
  }

  static String size(CatalogEntry entry) {
    return String.format(
        Locale.ROOT,
        "%d file%s, %s",
        entry.files().size(),
        entry.files().size() == 1 ? "" : "s",
        FetchPrinter.megabytes(entry.bytes()));
  }

  private static Map<String, Object> object(
      CatalogEntry entry, Path folder, List<FileStatus> files) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", entry.name());
    fields.put("purpose", entry.purpose());
    fields.put("bytes", entry.bytes());
    fields.put("licence", entry.licence());
    fields.put("home", entry.home().toString());
    fields.put("directory", folder.toString());
    fields.put("complete", files.stream().allMatch(FileStatus::complete));
    fields.put("files", files.stream().map(DataListCommand::object).toList());
    return fields;
  }

  private static Map<String, Object> object(FileStatus file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", file.file().name());
    fields.put("bytes", file.file().bytes());
    fields.put("sha256", file.file().sha256());
    fields.put("state", file.state().label());
    fields.put("bytes_there", file.bytesThere());
    return fields;
  }
}
