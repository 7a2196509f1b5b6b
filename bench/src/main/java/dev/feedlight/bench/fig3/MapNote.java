package dev.feedlight.bench.fig3;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.feedlight.bench.results.NoteFile;
import dev.feedlight.bench.training.ResumableRun.Progress;
import java.util.List;

/** Something about a run that is written down while it goes on. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = MapNote.Point.class, name = "point"),
  @JsonSubTypes.Type(value = MapNote.Pause.class, name = "pause"),
  @JsonSubTypes.Type(value = MapNote.End.class, name = "end")
})
sealed interface MapNote extends NoteFile.Note {
  /**
   * A point of the curves.
   *
   * @param step steps done
   * @param trainRmse root of the mean loss since the point before, in the unit of the target; NaN
   *     at step 0
   * @param testRmse on the test years, in the same unit; every run ends after its last step,
   *     whatever they say
   * @param seconds of training alone, measured
   */
  record Point(long step, double trainRmse, double testRmse, double seconds) implements MapNote {}

  /**
   * What a run needs to go on from a checkpoint, beside it.
   *
   * @param step steps done
   * @param progress up to there
   */
  record Pause(long step, Progress progress) implements MapNote {}

  /**
   * What a run came to.
   *
   * @param step all steps
   * @param rmse on the test years, in the unit of the target
   * @param spatial NRMSE_s
   * @param global NRMSE_g
   * @param total both, as ClimateBench adds them
   * @param lastYear what was predicted for it, in the same unit
   * @param seconds of training alone, measured
   * @param projections by the optics
   * @param opticalSeconds that these would have taken, modelled
   * @param density share of mirrors that were lit; NaN without optics
   * @param commit of the code
   */
  record End(
      long step,
      double rmse,
      double spatial,
      double global,
      double total,
      List<Float> lastYear,
      double seconds,
      long projections,
      double opticalSeconds,
      double density,
      String commit)
      implements MapNote {}
}
