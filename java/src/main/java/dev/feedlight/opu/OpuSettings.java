package dev.feedlight.opu;

/**
 * What makes an optical processing unit; every part can be exchanged or switched off.
 *
 * @param dmd the mirrors
 * @param matrix where the medium's entries come from
 * @param camera resolution, exposure, noise
 * @param readout from frames to numbers
 * @param clock modelled time
 */
public record OpuSettings(
    Dmd dmd, TransmissionMatrix matrix, Camera camera, LinearReadout readout, OpuClock clock) {
  /**
   * 912 x 1140 mirrors, a procedural medium, an 8-bit camera with the noise of a real unit.
   *
   * @return the default unit
   */
  public static OpuSettings defaults() {
    return new OpuSettings(
        Dmd.defaults(),
        TransmissionMatrix.PROCEDURAL,
        Camera.defaults(),
        LinearReadout.defaults(),
        OpuClock.PAPER_FIG4);
  }

  /**
   * Every imperfection off: the formula in exact integers.
   *
   * @return the ideal unit
   */
  public static OpuSettings ideal() {
    return new OpuSettings(
        Dmd.defaults(),
        TransmissionMatrix.PROCEDURAL,
        Camera.ideal(),
        LinearReadout.plain(),
        OpuClock.PAPER_FIG4);
  }

  /**
   * The same unit with another camera.
   *
   * @param newCamera the camera
   * @return a copy
   */
  public OpuSettings withCamera(Camera newCamera) {
    return new OpuSettings(dmd, matrix, newCamera, readout, clock);
  }

  /**
   * The same unit with its matrix kept elsewhere; the entries stay the same.
   *
   * @param newMatrix stored or procedural
   * @return a copy
   */
  public OpuSettings withMatrix(TransmissionMatrix newMatrix) {
    return new OpuSettings(dmd, newMatrix, camera, readout, clock);
  }

  /**
   * The same unit with another read-out.
   *
   * @param newReadout the read-out
   * @return a copy
   */
  public OpuSettings withReadout(LinearReadout newReadout) {
    return new OpuSettings(dmd, matrix, camera, newReadout, clock);
  }

  /**
   * The same unit with another clock.
   *
   * @param newClock the clock
   * @return a copy
   */
  public OpuSettings withClock(OpuClock newClock) {
    return new OpuSettings(dmd, matrix, camera, readout, newClock);
  }
}
