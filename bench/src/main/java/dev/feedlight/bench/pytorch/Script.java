package dev.feedlight.bench.pytorch;

import dev.feedlight.bench.peers.PeerCell;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.device.Precision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The script of PyTorch's side, run by a Python of the user's.
 *
 * @param python program, found as the shell finds it
 * @param device {@code cpu} or {@code cuda}
 */
record Script(String python, String device) {
  private static final String NAME = "steps.py";

  /** What the script ends with where PyTorch or its GPU is not there. */
  private static final int MISSING = 2;

  /**
   * Runs it to its end.
   *
   * @param cells what to measure
   * @param precisions of products
   * @param modes of PyTorch, with commas between them
   * @param rounds that are timed
   * @param seed of weights and data
   * @param out takes what it prints
   * @return its lines
   * @throws PyTorchException if it fails; the message is its last line
   * @throws IOException if it cannot be started or its lines cannot be read
   */
  List<ResultLine> run(
      List<PeerCell> cells,
      List<Precision> precisions,
      String modes,
      int rounds,
      long seed,
      PrintStream out)
      throws IOException, PyTorchException {
    Path folder = Files.createTempDirectory("feedlight-pytorch");
    Path script = folder.resolve(NAME);
    Path lines = folder.resolve("results.jsonl");
    try {
      try (InputStream in = Script.class.getResourceAsStream(NAME)) {
        if (in == null) {
          throw new IOException(NAME + " is not in the jar");
        }
        Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
      }
      List<String> command =
          List.of(
              python,
              script.toString(),
              "--device",
              device,
              "--cells",
              cells.stream().map(PeerCell::label).collect(Collectors.joining(",")),
              "--dtypes",
              precisions.stream().map(Precision::label).collect(Collectors.joining(",")),
              "--modes",
              modes,
              "--rounds",
              String.valueOf(rounds),
              "--seed",
              String.valueOf(seed),
              "--commit",
              Commit.current(),
              "--out",
              lines.toString());
      String last = execute(command, out);
      if (!Files.exists(lines)) {
        throw new PyTorchException("PyTorch measured nothing: " + last, false);
      }
      return new ResultFile(lines).read();
    } finally {
      Files.deleteIfExists(script);
      Files.deleteIfExists(lines);
      Files.delete(folder);
    }
  }

  private String execute(List<String> command, PrintStream out)
      throws IOException, PyTorchException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new PyTorchException(
          "there is no " + python + " to run PyTorch by; name one by --python", true);
    }
    String last = "it printed nothing";
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        out.println("pytorch   " + line);
        last = line.isBlank() ? last : line;
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new PyTorchException("PyTorch's side failed: " + last, code == MISSING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PyTorchException("interrupted while PyTorch was measured", false);
    } finally {
      process.destroy();
    }
    return last;
  }
}
