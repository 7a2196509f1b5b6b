package dev.feedlight.opu;

import dev.feedlight.device.Device;

/** Chooses the parts of an {@link Opu}. */
public final class OpuBuilder {
  private final Device device;
  private OpuSettings settings = OpuSettings.defaults();
  private long outputs;
  private long seed;
  private Encoder encoder;
  private OutputRescaling rescaling = OutputRescaling.VARIANCE;
  private Exposure exposure = Exposure.EACH_FRAME;

  OpuBuilder(Device device) {
    this.device = device;
  }

  /**
   * Entries of a projection. There is no default.
   *
   * @param count pixels, at least 1
   * @return this
   */
  public OpuBuilder outputs(long count) {
    if (count < 1) {
      throw new IllegalArgumentException("a projection has at least 1 output, not " + count);
    }
    outputs = count;
    return this;
  }

  /**
   * The unit.
   *
   * @param unit its parts; {@link OpuSettings#defaults} by default
   * @return this
   */
  public OpuBuilder settings(OpuSettings unit) {
    settings = unit;
    return this;
  }

  /**
   * A unit by name.
   *
   * @param name of an {@link OpuPreset}
   * @return this
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public OpuBuilder preset(String name) {
    return settings(OpuPreset.named(name).settings());
  }

  /**
   * Decides medium, defects and noise.
   *
   * @param number any; 0 by default
   * @return this
   */
  public OpuBuilder seed(long number) {
    seed = number;
    return this;
  }

  /**
   * How floats become mirrors.
   *
   * @param floats none by default: floats are refused
   * @return this
   */
  public OpuBuilder encoder(Encoder floats) {
    encoder = floats;
    return this;
  }

  /**
   * Units of linear projections.
   *
   * @param units {@link OutputRescaling#VARIANCE} by default
   * @return this
   */
  public OpuBuilder rescaling(OutputRescaling units) {
    rescaling = units;
    return this;
  }

  /**
   * How frames of intensities are exposed.
   *
   * @param choice {@link Exposure#EACH_FRAME} by default
   * @return this
   */
  public OpuBuilder exposure(Exposure choice) {
    exposure = choice;
    return this;
  }

  /**
   * Makes the unit, which has to be fitted before it transforms.
   *
   * @return the unit, to be closed by the caller
   * @throws IllegalStateException if the number of outputs was not given
   */
  public Opu build() {
    if (outputs == 0) {
      throw new IllegalStateException("how many outputs? builder.outputs(...) says");
    }
    return new Opu(device, settings, outputs, seed, encoder, rescaling, exposure);
  }
}
