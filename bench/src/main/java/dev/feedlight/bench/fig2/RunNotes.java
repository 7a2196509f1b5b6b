package dev.feedlight.bench.fig2;

import dev.feedlight.bench.results.NoteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What is noted of a run. */
final class RunNotes {
  private final NoteFile<Note> file;

  private RunNotes(NoteFile<Note> file) {
    this.file = file;
  }

  /** As {@link NoteFile#read}. */
  static RunNotes read(Path folder) throws IOException {
    return new RunNotes(NoteFile.read(Note.class, folder));
  }

  /** As {@link NoteFile#goOn}. */
  void goOn(long steps) throws IOException {
    file.goOn(steps);
  }

  void add(Note note) throws IOException {
    file.add(note);
  }

  <T extends Note> Stream<T> all(Class<T> kind) {
    return file.all(kind);
  }

  /** What the run came to; null before its end. */
  Note.End end() {
    return all(Note.End.class).findFirst().orElse(null);
  }
}
