package dev.feedlight.bench.fig2;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.feedlight.bench.results.NoteFile;
import dev.feedlight.learn.BlockAlignment;
import java.util.List;

/** Something about a run that is written down while it goes on. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Note.Point.class, name = "point"),
  @JsonSubTypes.Type(value = Note.Alignment.class, name = "alignment"),
  @JsonSubTypes.Type(value = Note.Sample.class, name = "sample"),
  @JsonSubTypes.Type(value = Note.Pause.class, name = "pause"),
  @JsonSubTypes.Type(value = Note.End.class, name = "end")
})
sealed interface Note extends NoteFile.Note {
  /**
   * A point of the loss curves.
   *
   * @param step steps done
   * @param trainLoss mean over the steps since the point before, nats; NaN at step 0
   * @param heldOutLoss on the validation part, nats
   * @param seconds of training alone, measured
   */
  record Point(long step, double trainLoss, double heldOutLoss, double seconds) implements Note {}

  /**
   * Alignment of the blocks.
   *
   * @param step steps done
   * @param blocks that get a signal, first to last
   */
  record Alignment(long step, List<BlockAlignment> blocks) implements Note {
    /** The step that comes measures it again. */
    @Override
    public boolean knownAt(long steps) {
      return step < steps;
    }
  }

  /**
   * What the network writes.
   *
   * @param step steps done
   * @param percent of the whole run
   * @param text behind the prompt
   */
  record Sample(long step, int percent, String text) implements Note {}

  /**
   * What a run needs to go on from a checkpoint, beside it.
   *
   * @param step steps done
   * @param seconds of training alone, measured
   * @param lossSum over the steps since the last point
   * @param losses how many these are
   */
  record Pause(long step, double seconds, double lossSum, long losses) implements Note {}

  /**
   * What a run came to.
   *
   * @param step all steps
   * @param testLoss on the test part, nats
   * @param seconds of training alone, measured
   * @param projections by the optics
   * @param opticalSeconds that these would have taken, modelled
   * @param density share of mirrors that were lit; NaN without optics
   * @param attention of the prompt by layer: row i how much token i takes from each, mean over the
   *     heads
   * @param commit of the code
   */
  record End(
      long step,
      double testLoss,
      double seconds,
      long projections,
      double opticalSeconds,
      double density,
      List<List<List<Double>>> attention,
      String commit)
      implements Note {}
}
