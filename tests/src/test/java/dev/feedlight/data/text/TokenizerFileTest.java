package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.data.MissingFilesException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tokenizer.json may say. */
final class TokenizerFileTest {
  private static final String SOUND =
      new String(Texts.resource("trained.json"), StandardCharsets.UTF_8);

  private static BytePairTokenizer read(String json) {
    return BytePairTokenizer.read(json.getBytes(StandardCharsets.UTF_8), "t.json");
  }

  private static void refuses(String json, String... parts) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(TokenizerException.class)
        .hasMessageStartingWith("t.json")
        .hasMessageContainingAll(parts);
  }

  @Test
  void readsMergesOfOldVersions() {
    BytePairTokenizer legacy = BytePairTokenizer.read(Texts.resource("legacy.json"), "legacy");
    assertThat(legacy.vocabulary()).isEqualTo(300);
    assertThat(legacy.merges()).isEqualTo(read(SOUND).merges().subList(0, 300 - 256));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "version":"1.0"           | "version":"2.0"                     | has version "2.0"; only "1.0"
          "version":"1.0"           | "version":1.0                       | has version 1.0; only "1.0"
          "version":"1.0",          | ``                                  | has version null
          "truncation":null         | "truncation":{"max_length":3}       | truncation
          "padding":null            | "padding":{}                        | padding
          "added_tokens":[]         | "added_tokens":[{"id":0}]           | added_tokens
          "normalizer":null         | "normalizer":{"type":"NFC"}         | normalizer an object of 1 entries
          "add_prefix_space":false  | "add_prefix_space":true             | add_prefix_space true
          "use_regex":true          | "use_regex":false                   | use_regex false
          "pre_tokenizer":{"type":"ByteLevel" | "pre_tokenizer":{"type":"Metaspace" | pre_tokenizer of type "Metaspace"
          "decoder":{"type":"ByteLevel" | "decoder":{"type":"WordPiece"   | decoder of type "WordPiece"
          "post_processor":null     | "post_processor":{"type":"Bert"}    | post_processor of type "Bert"
          "type":"BPE"              | "type":"Unigram"                    | model of type "Unigram"
          "dropout":null            | "dropout":0.1                       | model.dropout 0.1
          "unk_token":null          | "unk_token":"<unk>"                 | model.unk_token "<unk>"
          "end_of_word_suffix":null | "end_of_word_suffix":"</w>"         | model.end_of_word_suffix
          "fuse_unk":false          | "fuse_unk":3                        | fuse_unk 3
          "byte_fallback":false     | "byte_fallback":true                | model.byte_fallback true
          "ignore_merges":false     | "ignore_merges":true                | model.ignore_merges true
          "ignore_merges":false     | "surprise":false                    | entry model.surprise
          "normalizer":null         | "extra":null                        | entry extra
          "!":0                     | "!":1                               | two tokens the number 1
          "!":0                     | "!":1016                            | the number 1016; 1016 tokens have the numbers 0 to 1015
          "!":0                     | "!":-1                              | the number -1
          "!":0                     | "!":"0"                             | the number "0"
          "!":0                     | "世":0                              | token "世", which stands for no bytes
          "!":0                     | "":0                                | token "", which stands for no bytes
          "!":0                     | "!!":0                              | tokens for 255 of the 256 bytes
          ["r","ant"]               | ["r"]                               | merge 759 a list of 1
          ["r","ant"]               | "r  ant"                            | merge 759 "r  ant", which is no pair
          ["r","ant"]               | 5                                   | merge 759 5, which is no pair
          ["r","ant"]               | ["r","zzz"]                         | "r" and "zzz" (merge 759)
          ["r","ant"]               | ["in","t"]                          | of merge 759 twice
          "merges":                 | "merges":3,"merges":                | occurs twice
          {"version"                | ["version"                          | expected an object
          """)
  void refusesOtherKinds(String sound, String other, String message) {
    assertThat(SOUND).contains(sound);
    int at = SOUND.indexOf(sound);
    refuses(SOUND.substring(0, at) + other + SOUND.substring(at + sound.length()), message.strip());
  }

  @Test
  void refusesWhatIsTooSmallOrNoJson() {
    refuses("", "line 1");
    refuses(SOUND.substring(0, 9_000), "line 1");
    int vocabulary = SOUND.indexOf("\"vocab\"");
    int merges = SOUND.indexOf("\"merges\"");
    refuses(
        SOUND.substring(0, vocabulary) + "\"vocab\":{}," + SOUND.substring(merges),
        "has 0 tokens; 256 to 1048576");
    refuses(SOUND.substring(0, merges) + "\"merges\":{}}}", "no list model.merges");
    refuses(SOUND.substring(0, merges) + "\"merges\":[],\"vocab\":{}}}", "occurs twice");
  }

  @Test
  void takesWhatMakesNoDifference() {
    for (String[] change :
        List.of(
            new String[] {"\"truncation\":null,", ""},
            new String[] {"\"trim_offsets\":true", "\"trim_offsets\":false"},
            new String[] {
              "\"post_processor\":null",
              "\"post_processor\":{\"type\":\"ByteLevel\",\"add_prefix_space\":true,"
                  + "\"trim_offsets\":true,\"use_regex\":true}"
            },
            new String[] {"\"end_of_word_suffix\":null", "\"end_of_word_suffix\":\"\""},
            new String[] {"\"fuse_unk\":false", "\"fuse_unk\":true"})) {
      assertThat(SOUND).contains(change[0]);
      assertThat(read(SOUND.replace(change[0], change[1])).sha256())
          .isEqualTo(read(SOUND).sha256());
    }
  }

  @Test
  void aFileThatIsNotThereIsSaidSo(@TempDir Path folder) {
    assertThatThrownBy(() -> BytePairTokenizer.read(folder.resolve("t.json")))
        .isInstanceOf(MissingFilesException.class)
        .hasMessageContaining(folder.resolve("t.json").toString());
  }
}
