package dev.feedlight.fuzz;

import dev.feedlight.GptModel;
import dev.feedlight.crash.MemoryDirectory;
import dev.feedlight.device.Device;
import dev.feedlight.device.TestDevice;
import dev.feedlight.golden.GoldenGptTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder of a model of which one file is exchanged; in memory where Linux offers that. */
final class ModelFolder implements AutoCloseable {
  private final Path folder;
  private final String exchanged;
  private final Device device = TestDevice.CPU_1.open();

  /** Copies the golden model. */
  ModelFolder(String exchanged) {
    this.exchanged = exchanged;
    try {
      folder = MemoryDirectory.create();
      for (String name : List.of(GptModel.CONFIG, GptModel.WEIGHTS, GptModel.TOKENIZER)) {
        Files.copy(GoldenGptTest.folder().resolve(name), folder.resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /** The file as it was written. */
  byte[] sound() {
    try {
      return Files.readAllBytes(GoldenGptTest.folder().resolve(exchanged));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens the model with this file. */
  void load(byte[] file) throws IOException {
    Files.write(folder.resolve(exchanged), file);
    GptModel.open(device, folder).close();
  }

  @Override
  public void close() {
    try {
      for (String name : List.of(GptModel.CONFIG, GptModel.WEIGHTS, GptModel.TOKENIZER)) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
