package dev.feedlight.bench.training;

import dev.feedlight.learn.LearningRateSchedule;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A learning rate over a run, as options and presets say it.
 *
 * @param rate highest learning rate
 * @param decay how it falls
 * @param warmUp steps in which it rises to that in a straight line
 */
public record RateSchedule(double rate, Decay decay, long warmUp) {
  /** How a rate falls over all steps of a run, those of the warm-up among them. */
  public enum Decay {
    /** Not at all. */
    CONSTANT,
    /** To 0, along half a cosine. */
    COSINE,
    /** To 0, in a straight line. */
    LINEAR;

    /** All names, as on the command line. */
    public static List<String> labels() {
      return Stream.of(values()).map(Decay::label).toList();
    }

    /** As on the command line. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The one of that name, which must be among {@link #labels()}. */
    public static Decay named(String label) {
      return values()[labels().indexOf(label)];
    }
  }

  /** A rate that stays. */
  public static RateSchedule constant(double rate) {
    return new RateSchedule(rate, Decay.CONSTANT, 0);
  }

  /** For the engine. */
  public LearningRateSchedule schedule() {
    LearningRateSchedule falling =
        switch (decay) {
          case CONSTANT -> LearningRateSchedule.constant(rate);
          case COSINE -> LearningRateSchedule.cosine(rate);
          case LINEAR -> LearningRateSchedule.linear(rate);
        };
    return falling.warmedUp(warmUp);
  }

  /** By the names that results give them. */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("learning_rate", rate);
    settings.put("schedule", decay.label());
    settings.put("warm_up", warmUp);
    return settings;
  }

  /** In a line of text. */
  public String text() {
    String shape =
        switch (decay) {
          case CONSTANT -> "";
          case COSINE -> ", falling to 0 along a cosine";
          case LINEAR -> ", falling to 0 in a line";
        };
    return BigDecimal.valueOf(rate).stripTrailingZeros()
        + shape
        + (warmUp == 0 ? "" : ", " + warmUp + " steps of warm-up");
  }
}
