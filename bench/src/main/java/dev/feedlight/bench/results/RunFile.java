package dev.feedlight.bench.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.PackageVersion;
import dev.feedlight.device.Machine;
import dev.feedlight.io.AtomicFile;
import dev.feedlight.io.RecordTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/**
 * The {@code run.json} beside results: what was run, on what, by which code, and when. Written when
 * a run begins, and again with {@code ended} and {@code result} when it is done; without these the
 * run did not get so far. What other runs left in the same file stays under {@code earlier}.
 */
public final class RunFile {
  /** The file's name. */
  public static final String NAME = "run.json";

  private static final String EARLIER = "earlier";
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  private final Path path;
  private final Map<String, Object> run = new LinkedHashMap<>();
  private final List<Map<String, Object>> earlier;

  private RunFile(Path path, List<Map<String, Object>> earlier) {
    this.path = path;
    this.earlier = earlier;
  }

  /**
   * What was asked for.
   *
   * @param command its name, for example {@code train mlp}
   * @param arguments as they were typed
   * @param configuration every option that has a value, defaults included
   */
  public record Invocation(
      String command, List<String> arguments, Map<String, String> configuration) {
    /** Keeps copies. */
    public Invocation {
      arguments = List.copyOf(arguments);
      configuration = new LinkedHashMap<>(configuration);
    }
  }

  /**
   * Writes the file of a run that begins.
   *
   * @param directory for results; made if missing
   * @param invocation what was asked for
   * @param more what else is known, for example the data's digest; no nulls. {@code started} stands
   *     for the time of the call
   * @return the file, to be completed
   * @throws IOException if it cannot be written
   */
  public static RunFile begin(Path directory, Invocation invocation, Map<String, ?> more)
      throws IOException {
    Path path = directory.resolve(NAME);
    RunFile file = new RunFile(path, earlier(path, invocation));
    Map<String, Object> run = file.run;
    run.put("command", invocation.command());
    run.put("command_line", invocation.arguments());
    run.put("configuration", invocation.configuration());
    run.putAll(more);
    run.put("commit", Commit.current());
    run.put("machine", tree(Machine.detect()));
    run.put("libraries", libraries());
    run.putIfAbsent("started", Instant.now().toString());
    file.write();
    return file;
  }

  /**
   * A record, for example a device's identity, as an entry of the file.
   *
   * @param record what is written down
   * @return its components
   */
  public static Object tree(Record record) {
    Map<Object, Object> tree = new LinkedHashMap<>((Map<?, ?>) RecordTree.of(record));
    tree.remove("type");
    return tree;
  }

  /** Those of the device stand with the device. */
  private static Map<String, String> libraries() {
    Map<String, String> versions = new LinkedHashMap<>();
    String own = RunFile.class.getPackage().getImplementationVersion();
    versions.put("feedlight", own == null ? "not from a jar" : own);
    versions.put("jackson", PackageVersion.VERSION.toString());
    versions.put("picocli", CommandLine.VERSION);
    return versions;
  }

  /** What is there, but for the same call: that is being replaced. */
  private static List<Map<String, Object>> earlier(Path path, Invocation invocation)
      throws IOException {
    List<Map<String, Object>> runs = new ArrayList<>();
    if (!Files.exists(path)) {
      return runs;
    }
    ObjectMapper mapper = new ObjectMapper();
    try {
      Map<String, Object> last = mapper.readValue(Files.readAllBytes(path), OBJECT);
      if (last.remove(EARLIER) instanceof List<?> before) {
        before.forEach(one -> runs.add(mapper.convertValue(one, OBJECT)));
      }
      runs.add(last);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException(
          path + " is no JSON object of a run; move it away: " + e.getMessage(), e);
    }
    runs.removeIf(run -> invocation.arguments().equals(run.get("command_line")));
    return runs;
  }

  /**
   * Completes the file.
   *
   * @param result what came out; no nulls, numbers finite
   * @throws IOException if it cannot be written
   */
  public void complete(Map<String, ?> result) throws IOException {
    run.put("ended", Instant.now().toString());
    run.put("result", new LinkedHashMap<>(result));
    write();
  }

  /** The file as it was named. */
  public Path path() {
    return path;
  }

  private void write() throws IOException {
    Map<String, Object> all = new LinkedHashMap<>(run);
    if (!earlier.isEmpty()) {
      all.put(EARLIER, earlier);
    }
    byte[] text = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(all);
    AtomicFile.write(path, text);
  }
}
