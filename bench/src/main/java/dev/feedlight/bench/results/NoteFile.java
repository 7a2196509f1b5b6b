package dev.feedlight.bench.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The {@code notes.jsonl} of a run: one note a line, on the disk at once.
 *
 * @param <N> what is noted, an interface whose records Jackson can tell apart
 */
public final class NoteFile<N extends NoteFile.Note> {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private final Class<N> type;
  private final Journal journal;
  private final List<N> notes = new ArrayList<>();

  private NoteFile(Class<N> type, Journal journal) {
    this.type = type;
    this.journal = journal;
  }

  /** Something about a run that is written down while it goes on. */
  public interface Note {
    /** Steps done before. */
    long step();

    /** Whether it is known of a run that stands behind so many steps. */
    default boolean knownAt(long steps) {
      return step() <= steps;
    }
  }

  /**
   * Reads what a folder holds.
   *
   * @param type of the notes
   * @param folder of a run; need not be there
   * @throws ResultFileException for the first finished line that cannot be read
   */
  public static <N extends Note> NoteFile<N> read(Class<N> type, Path folder) throws IOException {
    NoteFile<N> read = new NoteFile<>(type, new Journal(folder.resolve("notes.jsonl")));
    int number = 0;
    for (String line : read.journal.lines()) {
      number++;
      try {
        read.notes.add(MAPPER.readValue(line, type));
      } catch (JsonProcessingException e) {
        throw read.journal.damaged(number, e.getOriginalMessage(), e);
      }
    }
    return read;
  }

  /** Keeps what is known of a run that goes on behind so many steps; -1 for nothing. */
  public void goOn(long steps) throws IOException {
    notes.removeIf(note -> !note.knownAt(steps));
    Files.createDirectories(journal.path().getParent());
    journal.replace(notes.stream().map(this::json).toList());
  }

  /** Notes something. */
  public void add(N note) throws IOException {
    notes.add(note);
    journal.append(json(note));
  }

  private String json(N note) {
    try {
      return MAPPER.writerFor(type).writeValueAsString(note);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot fail to be written: " + note, e);
    }
  }

  /** All notes of a kind, in order. */
  public <T extends N> Stream<T> all(Class<T> kind) {
    return notes.stream().filter(kind::isInstance).map(kind::cast);
  }
}
