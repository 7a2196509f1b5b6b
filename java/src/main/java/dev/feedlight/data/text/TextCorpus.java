package dev.feedlight.data.text;

import java.util.List;

/**
 * Text in passages: conversations, or stretches of a longer text. A passage is never divided
 * between learning and measuring.
 *
 * @param name what messages and results call it
 * @param passages in their order, none empty
 */
public record TextCorpus(String name, List<String> passages) {
  /**
   * Copies the list.
   *
   * @throws ShortTextException if there is no text
   */
  public TextCorpus {
    passages = passages.stream().filter(passage -> !passage.isEmpty()).toList();
    if (passages.isEmpty()) {
      throw new ShortTextException(name + " has no text");
    }
  }

  /**
   * The size of the text.
   *
   * @return UTF-16 units of all passages
   */
  public long characters() {
    return passages.stream().mapToLong(String::length).sum();
  }
}
