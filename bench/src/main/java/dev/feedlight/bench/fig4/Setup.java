package dev.feedlight.bench.fig4;

import dev.feedlight.device.DeviceIdentity;
import dev.feedlight.opu.OpuClock;
import java.util.List;

/**
 * What holds for all lines of a run.
 *
 * @param figures wanted panels
 * @param preset sizes and times
 * @param clock model of the optics' time
 * @param device what computes
 * @param commit of the code
 */
record Setup(
    List<Figure> figures, Preset preset, OpuClock clock, DeviceIdentity device, String commit) {
  /** Modelled optical time of a batch, which is projected one sample after the other. */
  double opticalMillis() {
    return 1e3 * clock.seconds(preset.batch());
  }
}
