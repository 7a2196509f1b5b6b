package dev.feedlight.bench.fig2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feedlight.bench.results.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The {@code notes.jsonl} of a run: one {@link Note} a line, on the disk at once. */
final class RunNotes {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private final Journal journal;
  private final List<Note> notes = new ArrayList<>();

  private RunNotes(Journal journal) {
    this.journal = journal;
  }

  /**
   * Reads what a folder holds.
   *
   * @param folder of a run; need not be there
   * @throws dev.feedlight.bench.results.ResultFileException for the first finished line that cannot
   *     be read
   */
  static RunNotes read(Path folder) throws IOException {
    RunNotes read = new RunNotes(new Journal(folder.resolve("notes.jsonl")));
    int number = 0;
    for (String line : read.journal.lines()) {
      number++;
      try {
        read.notes.add(MAPPER.readValue(line, Note.class));
      } catch (JsonProcessingException e) {
        throw read.journal.damaged(number, e.getOriginalMessage(), e);
      }
    }
    return read;
  }

  /** Keeps what is known of a run that goes on behind so many steps; -1 for nothing. */
  void goOn(long steps) throws IOException {
    notes.removeIf(note -> !note.knownAt(steps));
    Files.createDirectories(journal.path().getParent());
    journal.replace(notes.stream().map(RunNotes::json).toList());
  }

  void add(Note note) throws IOException {
    notes.add(note);
    journal.append(json(note));
  }

  private static String json(Note note) {
    try {
      return MAPPER.writerFor(Note.class).writeValueAsString(note);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot fail to be written: " + note, e);
    }
  }

  <T extends Note> Stream<T> all(Class<T> kind) {
    return notes.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** What the run came to; null before its end. */
  Note.End end() {
    return all(Note.End.class).findFirst().orElse(null);
  }
}
