package dev.feedlight.opu;

/**
 * What makes an optical processing unit; every part can be exchanged or switched off.
 *
 * @param dmd the mirrors
 * @param matrix where the medium's entries come from
 * @param drift how the medium changes
 * @param sensor the camera's chip and its flaws
 * @param camera resolution, exposure, noise
 * @param readout from frames to numbers
 * @param clock modelled time and energy
 */
public record OpuSettings(
    Dmd dmd,
    TransmissionMatrix matrix,
    Drift drift,
    Sensor sensor,
    Camera camera,
    LinearReadout readout,
    OpuClock clock) {
  /**
   * 912 x 1140 mirrors, a procedural medium, an 8-bit camera with the noise of a real unit.
   *
   * @return the default unit
   */
  public static OpuSettings defaults() {
    return new OpuSettings(
        Dmd.defaults(),
        TransmissionMatrix.PROCEDURAL,
        Drift.NONE,
        Sensor.defaults(),
        Camera.defaults(),
        LinearReadout.defaults(),
        OpuClock.PAPER_FIG4);
  }

  /**
   * Every imperfection off: the formula in exact integers, on a sensor without bounds.
   *
   * @return the ideal unit
   */
  public static OpuSettings ideal() {
    return defaults()
        .withSensor(Sensor.defaults().withPixels(Long.MAX_VALUE))
        .withCamera(Camera.ideal())
        .withReadout(LinearReadout.plain());
  }

  /**
   * The same unit with other mirrors.
   *
   * @param newDmd the mirrors
   * @return a copy
   */
  public OpuSettings withDmd(Dmd newDmd) {
    return new OpuSettings(newDmd, matrix, drift, sensor, camera, readout, clock);
  }

  /**
   * The same unit with another matrix.
   *
   * @param newMatrix the kind
   * @return a copy
   */
  public OpuSettings withMatrix(TransmissionMatrix newMatrix) {
    return new OpuSettings(dmd, newMatrix, drift, sensor, camera, readout, clock);
  }

  /**
   * The same unit with another drift of its medium.
   *
   * @param newDrift the drift
   * @return a copy
   */
  public OpuSettings withDrift(Drift newDrift) {
    return new OpuSettings(dmd, matrix, newDrift, sensor, camera, readout, clock);
  }

  /**
   * The same unit with another chip.
   *
   * @param newSensor the chip
   * @return a copy
   */
  public OpuSettings withSensor(Sensor newSensor) {
    return new OpuSettings(dmd, matrix, drift, newSensor, camera, readout, clock);
  }

  /**
   * The same unit with another camera.
   *
   * @param newCamera the camera
   * @return a copy
   */
  public OpuSettings withCamera(Camera newCamera) {
    return new OpuSettings(dmd, matrix, drift, sensor, newCamera, readout, clock);
  }

  /**
   * The same unit with another read-out.
   *
   * @param newReadout the read-out
   * @return a copy
   */
  public OpuSettings withReadout(LinearReadout newReadout) {
    return new OpuSettings(dmd, matrix, drift, sensor, camera, newReadout, clock);
  }

  /**
   * The same unit with another clock.
   *
   * @param newClock the clock
   * @return a copy
   */
  public OpuSettings withClock(OpuClock newClock) {
    return new OpuSettings(dmd, matrix, drift, sensor, camera, readout, newClock);
  }
}
