package dev.feedlight.data.text;

import dev.feedlight.data.DataException;
import dev.feedlight.io.AtomicFile;
import dev.feedlight.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A byte-level tokenizer by merged pairs, as GPT-2 has it (Sennrich et al., "Neural machine
 * translation of rare words with subword units", ACL 2016; Radford et al., 2019): text is cut into
 * words by {@link Words}; in each word, which begins as its bytes, the pair that was merged first
 * in training is merged first, from the left, until none is left that was merged.
 *
 * <p>Every byte is a token, so any bytes can be encoded, and decoding gives back exactly those
 * bytes. Its file is Hugging Face's {@code tokenizer.json}, which that library reads to the same
 * numbers. Immutable; may be used by several threads at once.
 */
public final class BytePairTokenizer {
  /** Fewest tokens: the bytes. */
  public static final int MIN_VOCABULARY = ByteAlphabet.SIZE;

  /** Most tokens (ours: four times those of the largest vocabularies in use). */
  public static final int MAX_VOCABULARY = 1 << 20;

  private final List<byte[]> tokens;
  private final List<Merge> merges;
  private final WordEncoder encoder;

  /**
   * Takes over checked parts.
   *
   * @param tokens by their numbers, each of the 256 bytes among them; not copied
   * @param merges in the order of training, no pair twice
   */
  BytePairTokenizer(List<byte[]> tokens, List<Merge> merges) {
    this.tokens = List.copyOf(tokens);
    this.merges = List.copyOf(merges);
    this.encoder = new WordEncoder(tokens, merges);
  }

  /**
   * Trains a tokenizer: again and again the most frequent pair of neighbours within words becomes a
   * token; of equally frequent ones that whose parts have the lower numbers, the first part before
   * the second. The same text gives the same tokenizer on every machine, and the same as Hugging
   * Face's {@code BpeTrainer} with the byte alphabet.
   *
   * @param corpus the text
   * @param vocabulary number of tokens, {@link #MIN_VOCABULARY} to {@link #MAX_VOCABULARY}
   * @return the tokenizer; the 256 bytes come first, then the merged tokens as they were made
   * @throws TokenizerException if the number is out of range, or higher than the text has pairs for
   */
  public static BytePairTokenizer train(TextCorpus corpus, int vocabulary) {
    if (vocabulary < MIN_VOCABULARY || vocabulary > MAX_VOCABULARY) {
      throw new TokenizerException(
          String.format(
              Locale.ROOT,
              "a vocabulary has %d to %d tokens, the 256 bytes among them, not %d",
              MIN_VOCABULARY,
              MAX_VOCABULARY,
              vocabulary));
    }
    BytePairTrainer trainer = new BytePairTrainer();
    corpus.passages().forEach(passage -> trainer.count(utf8(passage)));
    return trainer.train(vocabulary, corpus.name());
  }

  /**
   * Reads a {@code tokenizer.json}; docs/text.md says what is taken.
   *
   * @param file version 1.0, byte-level, without normalizer and added tokens
   * @return the tokenizer
   * @throws TokenizerException if the file is of another kind, or damaged
   * @throws IOException if it cannot be read
   */
  public static BytePairTokenizer read(Path file) throws IOException {
    return TokenizerFile.read(TextFile.bytes(file, TokenizerFile.MAX_BYTES), file.toString());
  }

  /**
   * The same for bytes that are in memory.
   *
   * @param json UTF-8
   * @param source what messages call it
   * @return the tokenizer
   * @throws TokenizerException if the file is of another kind, or damaged
   */
  public static BytePairTokenizer read(byte[] json, String source) {
    return TokenizerFile.read(json, source);
  }

  /**
   * Writes a {@code tokenizer.json}, at once or not at all.
   *
   * @param file replaced if it is there
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, TokenizerFile.write(this));
  }

  /**
   * The number of tokens.
   *
   * @return at least {@link #MIN_VOCABULARY}
   */
  public int vocabulary() {
    return tokens.size();
  }

  /**
   * Refuses this tokenizer where a model has another vocabulary.
   *
   * @param expected what the model has
   * @param source where this tokenizer came from, for the message
   * @return this tokenizer
   * @throws TokenizerException if it has more or fewer tokens
   */
  public BytePairTokenizer requireVocabulary(int expected, String source) {
    if (vocabulary() != expected) {
      throw new TokenizerException(
          String.format(
              Locale.ROOT,
              "%s has %d tokens, but %d are needed: take the tokenizer that the model was trained"
                  + " with",
              source,
              vocabulary(),
              expected));
    }
    return this;
  }

  /**
   * The bytes of a token.
   *
   * @param id in {@code [0, vocabulary())}
   * @return a copy; need not be UTF-8 by itself
   * @throws IndexOutOfBoundsException if there is no such token
   */
  public byte[] token(int id) {
    return tokens.get(id).clone();
  }

  /** The merges in the order of training. */
  List<Merge> merges() {
    return merges;
  }

  /**
   * Encodes a text.
   *
   * @param text sound Unicode
   * @return the numbers of its tokens
   * @throws DataException if the text has half a surrogate pair, with its place
   */
  public int[] encode(String text) {
    return encode(utf8(text));
  }

  /**
   * Encodes bytes.
   *
   * @param bytes any; what is not UTF-8 is encoded byte by byte, as a symbol
   * @return the numbers of its tokens
   */
  public int[] encode(byte[] bytes) {
    TokenBuffer out = new TokenBuffer();
    encoder.session(out).encode(bytes);
    return out.toArray();
  }

  /**
   * Encodes all passages of a corpus, one after the other; no token reaches over their ends.
   *
   * @param corpus the text
   * @return the numbers of its tokens
   */
  public int[] encode(TextCorpus corpus) {
    TokenBuffer out = new TokenBuffer();
    WordEncoder.Session session = encoder.session(out);
    corpus.passages().forEach(passage -> session.encode(utf8(passage)));
    return out.toArray();
  }

  /**
   * Puts the bytes of tokens together.
   *
   * @param ids numbers of tokens, any
   * @return their bytes
   * @throws IndexOutOfBoundsException if there is no such token
   */
  public byte[] decodeBytes(int... ids) {
    int length = 0;
    for (int id : ids) {
      length = Math.addExact(length, tokens.get(Objects.checkIndex(id, vocabulary())).length);
    }
    byte[] bytes = new byte[length];
    int at = 0;
    for (int id : ids) {
      byte[] token = tokens.get(id);
      System.arraycopy(token, 0, bytes, at, token.length);
      at += token.length;
    }
    return bytes;
  }

  /**
   * Puts the text of tokens together.
   *
   * @param ids numbers of tokens, any
   * @return their text; U+FFFD takes the place of bytes that are not UTF-8, as they are where
   *     tokens break off within a character
   * @throws IndexOutOfBoundsException if there is no such token
   */
  public String decode(int... ids) {
    return Utf8.decodeLossy(decodeBytes(ids));
  }

  /**
   * Tells whether two tokenizers are the same.
   *
   * @return SHA-256 of what {@link #write} writes, 64 hexadecimal digits
   */
  public String sha256() {
    return Sha256.of(TokenizerFile.write(this));
  }

  private static byte[] utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    // Half a surrogate pair has become a question mark.
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          throw new DataException(
              String.format(
                  Locale.ROOT,
                  "the text has half a surrogate pair, %04X, at character %d",
                  (int) c,
                  i));
        }
        i++;
      }
    }
    return bytes;
  }
}
