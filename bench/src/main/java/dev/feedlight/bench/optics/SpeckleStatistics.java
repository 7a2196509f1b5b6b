package dev.feedlight.bench.optics;

/**
 * A frame in numbers, beside what the exponential law expects.
 *
 * @param pixels number of them
 * @param mean counts above the dark offset
 * @param contrast standard deviation over mean
 * @param saturated share of pixels at full scale
 * @param law exponential law of the frame, as the camera sees it
 */
record SpeckleStatistics(
    long pixels, double mean, double contrast, double saturated, SpeckleLaw law) {
  static SpeckleStatistics of(SpeckleFrame frame) {
    float[] counts = frame.counts();
    double sum = 0;
    long saturated = 0;
    for (float count : counts) {
      sum += count;
      saturated += count >= frame.camera().maxCount() ? 1 : 0;
    }
    double average = sum / counts.length;
    double squares = 0;
    for (float count : counts) {
      squares += Math.pow(count - average, 2);
    }
    double mean = average - frame.camera().darkOffset();
    return new SpeckleStatistics(
        counts.length,
        mean,
        Math.sqrt(squares / counts.length) / mean,
        (double) saturated / counts.length,
        SpeckleLaw.of(counts, frame.camera()));
  }

  /** Standard error of the contrast. */
  double error() {
    return law.contrastError(pixels);
  }

  /** Standard errors between the contrast and what is expected. */
  double deviation() {
    return Math.abs(contrast - law.contrast()) / error();
  }
}
