package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.bench.cli.CommandLineApp;
import dev.feedlight.bench.cli.Interruption;
import dev.feedlight.bench.cli.Streams;
import dev.feedlight.data.CatalogEntry;
import dev.feedlight.data.DataCatalog;
import dev.feedlight.data.RemoteFile;
import dev.feedlight.data.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code data list} and {@code data fetch}, from an empty folder to training. */
@Timeout(60)
final class DataCommandsTest {
  private static final List<String> NAMES =
      DataCatalog.standard().find("fashion-mnist").files().stream().map(RemoteFile::name).toList();

  @TempDir private Path base;

  /** The subset in the jar in the place of the whole set. */
  private static byte[] contents(String name) throws IOException {
    String resource = "/dev/feedlight/data/fashion-mnist-subset/" + name;
    try (InputStream in = DataCatalog.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    }
  }

  private static DataCatalog catalog(URI place) throws Exception {
    List<RemoteFile> files = new ArrayList<>();
    for (String name : NAMES) {
      byte[] body = contents(name);
      String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
      files.add(new RemoteFile(name, List.of(place.resolve(name)), body.length, sum));
    }
    URI home = URI.create("https://home.example/");
    return new DataCatalog(
        List.of(new CatalogEntry("fashion-mnist", "Clothes.", "MIT", home, files)));
  }

  private static ScriptedServer server() throws IOException {
    return ScriptedServer.of(
        (request, out) -> {
          String name = request.target().substring(1);
          ScriptedServer.whole(contents(name)).to(request, out);
        });
  }

  private static CliRun run(DataCatalog catalog, boolean terminal, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal);
    int code = CommandLineApp.run(args, streams, new Interruption(), catalog);
    return new CliRun(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void fromNothingToTraining() throws Exception {
    Path folder = base.resolve("clothes");
    String where = folder.toString();
    try (ScriptedServer server = server()) {
      DataCatalog catalog = catalog(server.url());
      CliRun before = run(catalog, false, "data", "list", "fashion-mnist", "--data-dir", where);
      assertThat(before.code()).isZero();
      assertThat(before.out())
          .contains("Clothes.", "4 files", "MIT, https://home.example/", where)
          .contains("0 of 4 files are there and right")
          .contains("./feedlight data fetch fashion-mnist --data-dir " + where);
      assertThat(folder).doesNotExist();

      CliRun train = run(catalog, false, "train", "mlp", "--rule", "bp", "--data-dir", where);
      assertThat(train.code()).isEqualTo(2);
      assertThat(train.err())
          .contains("to fetch them: ./feedlight data fetch fashion-mnist --data-dir " + where);

      CliRun fetch = run(catalog, true, "data", "fetch", "fashion-mnist", "--data-dir", where);
      assertThat(fetch.err()).isEmpty();
      assertThat(fetch.code()).isZero();
      assertThat(fetch.out())
          .contains("fetched   train-images-idx3-ubyte.gz, checksum right")
          .contains("use it    ./feedlight train mlp --rule odfa --data-dir " + where);

      CliRun again =
          run(catalog, false, "data", "fetch", "fashion-mnist", "--data-dir", where, "--json");
      assertThat(again.code()).isZero();
      assertThat(again.err()).contains("present   t10k-labels-idx1-ubyte.gz, checksum right");
      assertThat(again.outLines()).hasSize(1);
      JsonNode object = new ObjectMapper().readTree(again.out());
      assertThat(object.get("command").asText()).isEqualTo("data fetch");
      assertThat(object.get("fetched")).isEmpty();
      assertThat(object.get("files")).hasSize(4);
      assertThat(server.requests()).hasSize(4);

      CliRun after =
          run(catalog, false, "data", "list", "fashion-mnist", "--data-dir", where, "--json");
      JsonNode set = new ObjectMapper().readTree(after.out()).get("data").get(0);
      assertThat(set.get("complete").asBoolean()).isTrue();
      assertThat(set.get("files").get(3).get("state").asText()).isEqualTo("complete");
    }
    // One step of the smallest network: what is of interest is that it reads the folder.
    CliRun train =
        CliRun.of(
            ("train mlp --rule bp --hidden 1 --epochs 1 --batch 7500 --threads 1 --data-dir "
                    + where)
                .split(" "));
    assertThat(train.err()).isEmpty();
    assertThat(train.code()).isZero();
    assertThat(train.out()).contains("clothes");
  }

  @Test
  void whatIsThereAndDifferentIsListedRefusedAndReplacedOnlyByForce() throws Exception {
    Path file = Files.writeString(base.resolve(NAMES.getLast()), "mine");
    Files.writeString(base.resolve(NAMES.getFirst() + ".part"), "half");
    String where = base.toString();
    try (ScriptedServer server = server()) {
      DataCatalog catalog = catalog(server.url());
      CliRun list = run(catalog, false, "data", "list", "fashion-mnist", "--data-dir", where);
      assertThat(list.out())
          .contains(file + " has 4 bytes, not ", NAMES.getFirst() + " is unfinished: 4 of ");
      CliRun fetch = run(catalog, false, "data", "fetch", "fashion-mnist", "--data-dir", where);
      assertThat(fetch.code()).isEqualTo(2);
      assertThat(fetch.errLines()).hasSize(1);
      assertThat(fetch.err()).contains(file + " has 4 bytes", "--force");
      assertThat(fetch.out()).isEmpty();
      assertThat(server.requests()).isEmpty();
      assertThat(file).hasContent("mine");
      CliRun force =
          run(catalog, false, "data", "fetch", "fashion-mnist", "--data-dir", where, "--force");
      assertThat(force.code()).isZero();
      assertThat(file).hasBinaryContent(contents(NAMES.getLast()));
      Path unpacked = Files.writeString(base.resolve("t10k-labels-idx1-ubyte"), "mine");
      CliRun shadowed = run(catalog, false, "data", "fetch", "fashion-mnist", "--data-dir", where);
      assertThat(shadowed.code()).isEqualTo(2);
      assertThat(shadowed.err()).contains(unpacked + " is there, unpacked", "move it away");
      assertThat(run(catalog, false, "data", "list", "fashion-mnist", "--data-dir", where).out())
          .contains(unpacked + " is unpacked: read, but not checked");
    }
  }

  @Test
  void withoutANetworkOneLineSaysWhatToDo() throws Exception {
    URI absent;
    try (ScriptedServer server = server()) {
      absent = server.url();
    }
    CliRun run =
        CliRun.of(
            "data",
            "fetch",
            "fashion-mnist",
            "--attempts",
            "1",
            "--mirror",
            absent.toString(),
            "--data-dir",
            base.toString(),
            "--json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.errLines().getLast())
        .startsWith("feedlight: train-images-idx3-ubyte.gz could not be fetched")
        .contains(
            "no connection to 127.0.0.1", "to do it by hand, put", "t10k-labels", "(5148 bytes)");
    assertThat(base).isEmptyDirectory();
  }
}
