package dev.feedlight.fuzz;

import dev.feedlight.data.DataException;
import dev.feedlight.data.IdxFile;
import dev.feedlight.data.netcdf.ClassicFile;
import dev.feedlight.data.netcdf.Hdf5Files;
import dev.feedlight.data.netcdf.NetcdfException;
import dev.feedlight.data.netcdf.NetcdfFile;
import dev.feedlight.data.netcdf.NetcdfType;
import dev.feedlight.data.netcdf.NetcdfVariable;
import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.CornellDialogues;
import dev.feedlight.data.text.Corpora;
import dev.feedlight.data.text.DialoguePairs;
import dev.feedlight.io.CheckpointException;
import dev.feedlight.io.FormatException;
import dev.feedlight.io.Json;
import dev.feedlight.io.NpyFile;
import dev.feedlight.io.NpzFile;
import dev.feedlight.io.SafetensorsFile;
import dev.feedlight.io.SafetensorsWriter;
import dev.feedlight.io.StoredType;
import dev.feedlight.io.TensorFile;
import dev.feedlight.io.TensorInfo;
import dev.feedlight.io.ZipArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The loaders of Feedlight, each with a corpus of small files. */
final class Loaders {
  private Loaders() {}

  static List<Loader> all() {
    return List.of(
        json(),
        safetensors(),
        npy(),
        npz(),
        idx(),
        idxGzip(),
        checkpoint(),
        tokenizer(),
        cornell(),
        pairs(),
        netcdf(),
        netcdf4());
  }

  private static Loader json() {
    return new Loader(
        "json",
        List.of(
            bytes("{}"),
            bytes("{\"a\": [1, -2.5e3, true, false, null, \"\\u00e9\\n\"], \"b\": {\"c\": {}}}"),
            Json.writeObject(
                Map.of("steps", 17L, "rate", 1e-3, "names", List.of("x", "y", "z"), "o", Map.of())),
            bytes("{\"k\":" + "[".repeat(20) + "]".repeat(20) + ",\"é\":\"\uD83D\uDE00\"}")),
        file -> Json.readObject(file, "fuzz"),
        List.of(FormatException.class),
        TextEdits.all(),
        Loader::twice);
  }

  private static Loader safetensors() {
    Map<StoredType, Long> all = new LinkedHashMap<>();
    for (StoredType type : StoredType.values()) {
      all.put(type, 3L);
    }
    return new Loader(
        "safetensors",
        List.of(
            safetensors(Map.of(), Map.of()),
            safetensors(Map.of("format", "np", "é", ""), Map.of(StoredType.F32, 6L)),
            safetensors(Map.of(), Map.of(StoredType.I32, 2L, StoredType.U8, 5L)),
            safetensors(Map.of(), all)),
        file -> readAll(SafetensorsFile.open("fuzz", new BytesChannel(file))),
        List.of(FormatException.class),
        ArrayEdits.safetensors(),
        Loader::twice);
  }

  private static byte[] safetensors(Map<String, String> metadata, Map<StoredType, Long> tensors) {
    List<TensorInfo> infos =
        tensors.entrySet().stream()
            .map(
                tensor ->
                    new TensorInfo(
                        "t" + tensor.getKey(), tensor.getKey(), List.of(tensor.getValue(), 2L)))
            .toList();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      new SafetensorsWriter(Channels.newChannel(bytes), infos, metadata);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Zeros are sound elements of every type; an I64 of other bytes need not fit an int.
    long data = infos.stream().mapToLong(TensorInfo::bytes).sum();
    bytes.writeBytes(new byte[Math.toIntExact(data)]);
    return bytes.toByteArray();
  }

  private static Loader npy() {
    return new Loader(
        "npy",
        List.of(resource("version1.npy"), resource("version2.npy"), resource("version3.npy")),
        file -> readAll(NpyFile.open("fuzz", "a", new BytesChannel(file))),
        List.of(FormatException.class),
        ArrayEdits.npy(),
        Loader::twice);
  }

  private static Loader npz() {
    return new Loader(
        "npz",
        List.of(
            // The small ones twice: a case of the others takes ten times as long.
            resource("small_stored.npz"),
            resource("small_stored.npz"),
            resource("small_deflated.npz"),
            resource("small_deflated.npz"),
            resource("stored.npz"),
            resource("deflated.npz")),
        file -> readAll(NpzFile.open("fuzz", new BytesChannel(file))),
        List.of(FormatException.class),
        ArrayEdits.npz(),
        Loader::twiceInflated);
  }

  private static Loader idx() {
    return new Loader(
        "idx",
        List.of(images(1, 1, 1), images(3, 2, 5), images(20, 4, 4)),
        file -> IdxFile.readImages("fuzz", file),
        List.of(DataException.class),
        List.of(),
        Loader::twice);
  }

  private static Loader idxGzip() {
    return new Loader(
        "idx.gz",
        List.of(
            ArrayEdits.gzipped(images(1, 1, 1)),
            ArrayEdits.gzipped(images(3, 2, 5)),
            ArrayEdits.gzipped(images(20, 4, 4))),
        file -> IdxFile.readImages("fuzz", file),
        List.of(DataException.class),
        ArrayEdits.gzip(),
        Loader::twiceInflated);
  }

  private static Loader checkpoint() {
    CheckpointOfManifest checkpoint = new CheckpointOfManifest();
    return new Loader(
        "checkpoint",
        List.of(checkpoint.manifest()),
        checkpoint::load,
        List.of(CheckpointException.class),
        TextEdits.all(),
        Loader::twice);
  }

  private static Loader tokenizer() {
    return new Loader(
        "tokenizer",
        List.of(textResource("legacy.json")),
        file -> BytePairTokenizer.read(file, "fuzz").encode(file),
        List.of(DataException.class),
        TextEdits.all(),
        Loader::parsed);
  }

  private static Loader cornell() {
    return new Loader(
        "cornell",
        List.of(Corpora.zip()),
        file -> {
          try (ZipArchive archive = ZipArchive.open("fuzz", new BytesChannel(file))) {
            CornellDialogues.read(archive, "fuzz");
          }
        },
        List.of(DataException.class, FormatException.class),
        ArrayEdits.zip(),
        file -> 5 * Loader.twiceInflated(file));
  }

  private static Loader pairs() {
    return new Loader(
        "pairs",
        List.of(bytes("a\tb\nb\tc\n"), bytes("\u00e9\t\uD83D\uDE00\nx\ty\n".repeat(20))),
        file -> DialoguePairs.read(file, "fuzz"),
        List.of(DataException.class),
        List.of(),
        Loader::parsed);
  }

  private static Loader netcdf() {
    byte[] records =
        new ClassicFile(false)
            .records("time", 3)
            .dimension("x", 2)
            .variable("x", ClassicFile.FLOAT, List.of("x"), 0.5, -1)
            .variable("t", ClassicFile.DOUBLE, List.of("time", "x"), 1, 2, 3, 4, 5, 6)
            .variable(
                "n", ClassicFile.SHORT, List.of("time"), Map.of("scale_factor", 0.5), -1, 1, -2)
            .bytes();
    byte[] whole =
        new ClassicFile(true)
            .dimension("y", 5)
            .variable("y", ClassicFile.INT, List.of("y"), Map.of("_FillValue", 3), 1, 2, 3, 4, 5)
            .bytes();
    return new Loader(
        "netcdf",
        List.of(records, whole),
        Loaders::readVariables,
        List.of(NetcdfException.class),
        List.of(),
        // A header of a few bytes each becomes objects with names.
        Loader::parsed);
  }

  private static Loader netcdf4() {
    return new Loader(
        "netcdf4",
        List.of(Hdf5Files.chunked(), Hdf5Files.whole()),
        Loaders::readVariables,
        List.of(NetcdfException.class),
        List.of(),
        file -> 5 * Loader.twiceInflated(file));
  }

  private static void readVariables(byte[] file) {
    try (NetcdfFile open = NetcdfFile.of("fuzz", file)) {
      for (NetcdfVariable variable : open.variables()) {
        if (variable.type() != NetcdfType.OTHER) {
          variable.doubles();
        }
      }
    }
  }

  private static byte[] images(int count, int rows, int columns) {
    ByteBuffer bytes = ByteBuffer.allocate(16 + count * rows * columns);
    bytes.putInt(0x803).putInt(count).putInt(rows).putInt(columns);
    return bytes.array();
  }

  /** Every tensor into an array of the size that the file promises. */
  private static void readAll(TensorFile opened) throws IOException {
    try (TensorFile file = opened) {
      for (TensorInfo tensor : file.tensors()) {
        int elements = Math.toIntExact(tensor.elements());
        switch (tensor.type()) {
          case F16, BF16, F32, F64 -> file.read(tensor.name(), new float[elements]);
          case I16, U16, I32, I64 -> file.read(tensor.name(), new int[elements]);
          case I8, U8, BOOL -> file.read(tensor.name(), new byte[elements]);
          default -> file.tensor(tensor.name());
        }
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) {
    return resource("/dev/feedlight/io/", name);
  }

  private static byte[] textResource(String name) {
    return resource("/dev/feedlight/data/text/", name);
  }

  private static byte[] resource(String folder, String name) {
    try (InputStream in = Loaders.class.getResourceAsStream(folder + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
