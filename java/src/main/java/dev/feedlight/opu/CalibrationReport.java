package dev.feedlight.opu;

import java.util.Locale;

/**
 * What calibration found: the anchor frame (all mirrors on), the exposure that it set, the pixels
 * that became outputs.
 *
 * @param inputs entries of a vector
 * @param outputs entries of a projection
 * @param mirrorsPerInput mirrors that show one input
 * @param unusedMirrors mirrors that stay dark
 * @param region pixels that are read
 * @param darkPixels of the region: anchor not above the read-out's floor
 * @param saturatedPixels of the region: anchor at full scale
 * @param hotPixels of the region
 * @param deadPixels of the region
 * @param acceptedPixels of the region that selection would take; all without selection
 * @param meanAnchor mean anchor of the region, counts above the dark offset
 * @param fullScale largest count; infinite if nothing saturates
 * @param gain counts per unit of |T x|^2, entries of T having variance 1
 */
public record CalibrationReport(
    long inputs,
    long outputs,
    long mirrorsPerInput,
    long unusedMirrors,
    long region,
    long darkPixels,
    long saturatedPixels,
    long hotPixels,
    long deadPixels,
    long acceptedPixels,
    double meanAnchor,
    double fullScale,
    double gain) {

  /** A few lines for people. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        """
        mirrors     %,d inputs of %,d mirror%s each, %,d unused
        pixels      %,d of a region of %,d (%,d accepted)
        anchor      mean %.1f counts, full scale %s; dark %.2f %%, saturated %.2f %%
        defects     %,d hot, %,d dead
        exposure    %.4g counts per unit of intensity\
        """,
        inputs,
        mirrorsPerInput,
        mirrorsPerInput == 1 ? "" : "s",
        unusedMirrors,
        outputs,
        region,
        acceptedPixels,
        meanAnchor,
        Double.isInfinite(fullScale) ? "off" : String.format(Locale.ROOT, "%.0f", fullScale),
        100.0 * darkPixels / region,
        100.0 * saturatedPixels / region,
        hotPixels,
        deadPixels,
        gain);
  }
}
