package dev.feedlight;

import dev.feedlight.data.MissingFilesException;
import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.TokenizerException;
import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.io.AtomicFile;
import dev.feedlight.io.AtomicFolder;
import dev.feedlight.io.FormatException;
import dev.feedlight.io.SafetensorsFile;
import dev.feedlight.io.Sha256;
import dev.feedlight.lm.TextGenerator;
import dev.feedlight.nn.GptDecoder;
import dev.feedlight.nn.GptNetwork;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.Network;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A trained GPT: a folder of {@code config.json}, {@code model.safetensors} and {@code
 * tokenizer.json}, and what one does with it. The folder is described in docs/file-format.md;
 * docs/pytorch/load_gpt.py reads it in PyTorch.
 */
public final class GptModel implements AutoCloseable {
  /** Extents, activation, epsilon, tokenizer's checksum. */
  public static final String CONFIG = "config.json";

  /** All weights. */
  public static final String WEIGHTS = "model.safetensors";

  /** Hugging Face's format. */
  public static final String TOKENIZER = "tokenizer.json";

  private final GptShape shape;
  private final BytePairTokenizer tokenizer;
  private final Scope scope;
  private final Network network;
  private final GptDecoder decoder;

  private GptModel(
      GptShape shape,
      BytePairTokenizer tokenizer,
      Scope scope,
      Network network,
      GptDecoder decoder) {
    this.shape = shape;
    this.tokenizer = tokenizer;
    this.scope = scope;
    this.network = network;
    this.decoder = decoder;
  }

  /**
   * Refuses a folder that {@link #write} would refuse; nothing is left there. To be asked before a
   * model is trained, so that hours are not lost to a name.
   *
   * @param folder its name, which may be missing with its parents
   * @throws ModelException if there is something of that name, or no folder can be made
   * @throws IOException if its parents cannot be looked at
   */
  public static void requireWritable(Path folder) throws IOException {
    try {
      AtomicFolder.requireWritable(folder);
    } catch (FileAlreadyExistsException e) {
      throw isThere(folder, e);
    } catch (FileSystemException e) {
      throw new ModelException(
          "the model "
              + folder
              + " cannot be written: "
              + e.getClass().getSimpleName()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static ModelException isThere(Path folder, FileAlreadyExistsException e) {
    return new ModelException(
        folder + " is there already: give the model another name, or remove what is there", e);
  }

  /**
   * Writes a model. It is written under another name beside the folder and renamed, so that the
   * folder is there whole or not at all; one that is there stays as it is. The optimizer's state is
   * not part of it: training goes on from checkpoints, not from models.
   *
   * @param folder its name; missing parents are made
   * @param shape extents
   * @param tokenizer of the shape's vocabulary
   * @param network of that shape, by {@link GptNetwork}; whatever its feedback points are
   * @throws ModelException if there is something of that name, or a weight is not finite
   * @throws TokenizerException if the tokenizer has another vocabulary
   * @throws IOException if it cannot be written; nothing changes then
   */
  public static void write(
      Path folder, GptShape shape, BytePairTokenizer tokenizer, Network network)
      throws IOException {
    requireVocabulary(tokenizer, shape, "the tokenizer");
    if (network.parameterCount() != shape.parameters()) {
      throw new IllegalArgumentException(
          "a network of "
              + network.parameterCount()
              + " parameters is no GPT of "
              + shape.parameters());
    }
    try {
      AtomicFolder.create(
          folder,
          files -> {
            Path tokens = files.resolve(TOKENIZER);
            tokenizer.write(tokens);
            GptWeights.write(files.resolve(WEIGHTS), shape, network.parameters());
            GptConfig config = new GptConfig(shape, Sha256.of(tokens));
            AtomicFile.write(files.resolve(CONFIG), config.write(libraryVersion()));
          });
    } catch (FileAlreadyExistsException e) {
      throw isThere(folder, e);
    } catch (FormatException e) {
      throw new ModelException(e.getMessage() + ": the model is not written", e);
    }
  }

  private static String libraryVersion() {
    String version = GptModel.class.getPackage().getImplementationVersion();
    return version == null ? "not from a jar" : version;
  }

  private static void requireVocabulary(
      BytePairTokenizer tokenizer, GptShape shape, String source) {
    tokenizer.requireVocabulary(Math.toIntExact(shape.vocabulary()), source);
  }

  /**
   * Reads a model. Everything but the values of the weights is checked before anything is allocated
   * for them.
   *
   * @param device where it shall live; stays the caller's
   * @param folder a model
   * @return to be closed
   * @throws MissingFilesException if the folder or one of its files is not there
   * @throws TokenizerException if the tokenizer is damaged, of another vocabulary, or not the
   *     model's
   * @throws ModelException if anything else is wrong with its files
   * @throws IOException if they cannot be read
   */
  public static GptModel open(Device device, Path folder) throws IOException {
    Path weights = file(folder, WEIGHTS);
    Path tokens = file(folder, TOKENIZER);
    try {
      GptConfig config = config(file(folder, CONFIG));
      BytePairTokenizer tokenizer = BytePairTokenizer.read(tokens);
      requireVocabulary(tokenizer, config.shape(), tokens.toString());
      String sha256 = Sha256.of(tokens);
      if (!sha256.equals(config.tokenizerSha256())) {
        throw new TokenizerException(
            tokens
                + " is not the model's: its SHA-256 is "
                + sha256
                + ", by "
                + CONFIG
                + " it should be "
                + config.tokenizerSha256());
      }
      try (SafetensorsFile open = SafetensorsFile.open(weights)) {
        GptWeights.requireTensors(open, config.shape(), weights);
        return load(device, config.shape(), tokenizer, open, weights);
      }
    } catch (FormatException e) {
      throw new ModelException(e.getMessage(), e);
    }
  }

  private static Path file(Path folder, String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new MissingFilesException(
          folder
              + (Files.isDirectory(folder) ? " has no " + name : " is no folder")
              + ": a model is a folder with "
              + CONFIG
              + ", "
              + WEIGHTS
              + " and "
              + TOKENIZER);
    }
    return file;
  }

  private static GptConfig config(Path file) throws IOException {
    long size = Files.size(file);
    if (size > GptConfig.MAX_BYTES) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "%s has %d bytes; at most %d can be read",
              file,
              size,
              GptConfig.MAX_BYTES));
    }
    return GptConfig.read(Files.readAllBytes(file), file);
  }

  private static GptModel load(
      Device device,
      GptShape shape,
      BytePairTokenizer tokenizer,
      SafetensorsFile weights,
      Path file)
      throws IOException {
    Scope scope = device.openScope("model");
    try {
      Network network = GptNetwork.blank(device, scope, shape);
      GptWeights.read(weights, network.parameters(), file);
      GptDecoder decoder = new GptDecoder(device, network, shape);
      return new GptModel(shape, tokenizer, scope, network, decoder);
    } catch (IOException | RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  /**
   * The extents.
   *
   * @return those of config.json
   */
  public GptShape shape() {
    return shape;
  }

  /**
   * What makes tokens of text.
   *
   * @return the model's own
   */
  public BytePairTokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * The weights.
   *
   * @return belongs to this model
   */
  public Network network() {
    return network;
  }

  /**
   * What gives logits, token by token.
   *
   * @return belongs to this model
   */
  public GptDecoder decoder() {
    return decoder;
  }

  /**
   * Logits of a sequence.
   *
   * @param tokens 1 to as many as the context
   * @return for each token those of the one that follows it
   * @throws dev.feedlight.tensor.ShapeException if a token lies outside the vocabulary, or there
   *     are none or too many
   */
  public float[][] logits(int... tokens) {
    return decoder.logits(tokens);
  }

  /**
   * The attention map of a sequence.
   *
   * @param tokens 1 to as many as the context
   * @param layer from 0
   * @return in row i how much token i takes from each, a mean over the heads; rows sum to 1
   * @throws dev.feedlight.tensor.ShapeException if there is no such layer, a token lies outside the
   *     vocabulary, or there are none or too many
   */
  public double[][] attention(int[] tokens, int layer) {
    return decoder.attention(layer, tokens);
  }

  /**
   * What goes on with prompts.
   *
   * @return uses this model's decoder
   */
  public TextGenerator generator() {
    return new TextGenerator(decoder, tokenizer);
  }

  /** Frees weights and buffers; the device stays. */
  @Override
  public void close() {
    decoder.close();
    scope.close();
  }
}
