package dev.feedlight.opu;

import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.Shape;
import java.util.Arrays;

/**
 * Random features by light: the emulated unit as a user of LightOn's {@code lightonml} knows it.
 * Rows of bytes are shown as they are, rows of floats through an {@link Encoder}.
 *
 * <pre>{@code
 * float[] rows = {0.5f, -1, 0.25f, 2, 0, -0.125f}; // two rows of three numbers
 * try (Device device = CpuDevice.open(2);
 *     Opu opu = Opu.builder(device).outputs(2000).encoder(BitPlanes.signed(6)).seed(1).build()) {
 *   float[] projected = opu.fit(rows, 3).linearTransform(rows);
 *   byte[] frames = opu.transform(rows);
 *   System.out.println(projected.length + " projected numbers, " + frames.length + " pixels");
 *   System.out.println(opu.unit().calibration());
 * }
 * }</pre>
 *
 * <table>
 * <caption>Names of lightonml</caption>
 * <tr><th>lightonml</th><th>here</th></tr>
 * <tr><td>{@code OPU(n_components=m)}</td><td>{@code Opu.builder(device).outputs(m).build()}</td></tr>
 * <tr><td>{@code fit1d(n_features=n)}, {@code fit1d(X)}</td><td>{@link #fit(int)}, {@link
 * #fit(byte[], int)}, {@link #fit(float[], int)}</td></tr>
 * <tr><td>{@code transform(X)}</td><td>{@link #transform(byte[])}: |T x|^2 as uint8</td></tr>
 * <tr><td>{@code linear_transform(X)}</td><td>{@link #linearTransform(byte[])}: R x</td></tr>
 * <tr><td>{@code OPUMap(...).fit_transform(X)}</td><td>{@link #fitTransform(byte[], int)}</td></tr>
 * <tr><td>{@code encoder_cls}, {@code decoder_cls}</td><td>{@link OpuBuilder#encoder}, which
 * decodes too</td></tr>
 * <tr><td>{@code BinaryThresholdEncoder}</td><td>{@link BinaryThreshold}</td></tr>
 * <tr><td>{@code SeparatedBitPlanEncoder}, {@code SeparatedBitPlanDecoder}</td><td>{@link
 * BitPlanes}</td></tr>
 * <tr><td>{@code rescale=OutputRescaling.variance}</td><td>{@link OpuBuilder#rescaling}</td></tr>
 * </table>
 *
 * <p>The seed decides everything, and a fit begins the noise anew. More outputs never change those
 * there were; more inputs never change the entries of T, so that intensities stay (but each mirror
 * shows less of what macropixels share out). Both hold up to exposure and pixel selection, which
 * look at the whole anchor. The matrix of {@link #linearTransform} is real because it takes each
 * pixel's phase from the anchor, all mirrors on: with more inputs it is another one.
 *
 * <p>Used by one thread, as its device is.
 */
public final class Opu implements AutoCloseable {
  /** Numbers that the unit hands out at once; more rows are shown in parts. */
  private static final int PART = 1 << 24;

  private final Device device;
  private final OpuSettings settings;
  private final long outputs;
  private final long seed;
  private final Encoder encoder;
  private final OutputRescaling rescaling;
  private final Exposure exposure;
  private boolean closed;
  private Fitted fitted;

  /** Shows vectors. */
  @FunctionalInterface
  private interface Show {
    float[] show(byte[] vectors);
  }

  /** What a fit makes. */
  private record Fitted(Scope scope, EmulatedOpu unit, Encoding encoding) {
    int inputs() {
      return Math.toIntExact(unit.inputs());
    }
  }

  Opu(
      Device device,
      OpuSettings settings,
      long outputs,
      long seed,
      Encoder encoder,
      OutputRescaling rescaling,
      Exposure exposure) {
    this.device = device;
    this.settings = settings;
    this.outputs = outputs;
    this.seed = seed;
    this.encoder = encoder;
    this.rescaling = rescaling;
    this.exposure = exposure;
  }

  /**
   * Begins a unit.
   *
   * @param device where it is emulated; stays the caller's
   * @return the builder
   */
  public static OpuBuilder builder(Device device) {
    return new OpuBuilder(device);
  }

  /**
   * Sets the width of rows, makes the unit and calibrates it.
   *
   * @param inputs entries of a row
   * @return this
   * @throws IllegalStateException if the encoder learns from data, or the anchor frame is all dark
   *     or all saturated
   * @throws dev.feedlight.tensor.ShapeException if rows do not fit the mirrors, outputs not the
   *     sensor
   */
  public Opu fit(int inputs) {
    requireOpen();
    settings.dmd().require(inputs);
    make(inputs, encoder == null ? null : encoder.fit(inputs));
    return this;
  }

  /**
   * The same, with a look at rows of mirrors.
   *
   * @param rows -1, 0 or 1; a whole number of rows
   * @param inputs entries of a row
   * @return this
   * @throws IllegalArgumentException if an entry is none of these or the length does not fit
   * @throws IllegalStateException as {@link #fit(int)}
   */
  public Opu fit(byte[] rows, int inputs) {
    requireOpen();
    Encoding.requireRows(rows.length, inputs);
    requireTernary(rows);
    return fit(inputs);
  }

  /**
   * The same, and lets the encoder learn from rows of floats.
   *
   * @param rows finite numbers; a whole number of rows
   * @param inputs entries of a row
   * @return this
   * @throws IllegalArgumentException if an entry cannot be encoded or the length does not fit
   * @throws IllegalStateException if there is no encoder; or as {@link #fit(int)}
   */
  public Opu fit(float[] rows, int inputs) {
    requireOpen();
    requireEncoder();
    settings.dmd().require(inputs);
    Encoding encoding = encoder.fit(rows, inputs);
    make(inputs, encoding);
    return this;
  }

  private void make(int inputs, Encoding encoding) {
    Scope scope = device.openScope("OPU");
    try {
      EmulatedOpu unit = new EmulatedOpu(device, scope, settings, inputs, outputs, seed);
      Fitted last = fitted;
      fitted = new Fitted(scope, unit, encoding);
      scope = last == null ? null : last.scope;
    } finally {
      if (scope != null) {
        scope.close();
      }
    }
  }

  /**
   * Intensities |T x|^2 of rows of mirrors, as the camera's bytes.
   *
   * @param rows 0 or 1; a whole number of rows
   * @return unsigned bytes, rows x outputs
   * @throws IllegalArgumentException if an entry is neither 0 nor 1 or the length does not fit
   * @throws IllegalStateException before a fit, or if the camera's counts do not fit bytes: {@link
   *     #intensity(byte[])} returns those
   */
  public byte[] transform(byte[] rows) {
    requireByteCamera();
    return bytes(intensity(rows));
  }

  /**
   * Intensities of rows of floats, as the camera's bytes. An intensity is not linear: what an
   * encoder makes of a row is shown pattern by pattern and not added up.
   *
   * @param rows a whole number of rows
   * @return unsigned bytes, rows x {@link Encoding#patterns} x outputs
   * @throws IllegalArgumentException if an entry cannot be encoded or the length does not fit
   * @throws IllegalStateException before a fit, without an encoder, or if the camera's counts do
   *     not fit bytes
   */
  public byte[] transform(float[] rows) {
    requireByteCamera();
    return transform(encoding().binary(rows));
  }

  /**
   * Fits and transforms.
   *
   * @param rows 0 or 1; a whole number of rows
   * @param inputs entries of a row
   * @return unsigned bytes, rows x outputs
   */
  public byte[] fitTransform(byte[] rows, int inputs) {
    requireByteCamera();
    Dmd.requireBinary(rows);
    return fit(rows, inputs).transform(rows);
  }

  /**
   * Fits and transforms.
   *
   * @param rows a whole number of rows
   * @param inputs entries of a row
   * @return unsigned bytes, rows x {@link Encoding#patterns} x outputs
   */
  public byte[] fitTransform(float[] rows, int inputs) {
    requireByteCamera();
    return fit(rows, inputs).transform(rows);
  }

  /**
   * Intensities of rows of mirrors, whatever the camera.
   *
   * @param rows 0 or 1; a whole number of rows
   * @return counts, rows x outputs
   * @throws IllegalArgumentException if an entry is neither 0 nor 1 or the length does not fit
   * @throws IllegalStateException before a fit
   */
  public float[] intensity(byte[] rows) {
    Fitted now = require(rows.length);
    Dmd.requireBinary(rows);
    return inParts(now, rows, 1, part -> exposure.expose(now.unit, part));
  }

  /**
   * Linear projections R x of ternary or binary rows, in the units of the {@link OutputRescaling}.
   *
   * @param rows -1, 0 or 1; a whole number of rows
   * @return rows x outputs
   * @throws IllegalArgumentException if an entry is none of these or the length does not fit
   * @throws IllegalStateException before a fit
   */
  public float[] linearTransform(byte[] rows) {
    Fitted now = require(rows.length);
    requireTernary(rows);
    return rescaled(inParts(now, rows, 1, now.unit::project));
  }

  /**
   * Linear projections R x of rows of floats: the encoder's planes are projected and added up,
   * which gives the projection of {@link Encoding#quantised}.
   *
   * @param rows a whole number of rows
   * @return rows x outputs
   * @throws IllegalArgumentException if an entry cannot be encoded or the length does not fit
   * @throws IllegalStateException before a fit or without an encoder
   */
  public float[] linearTransform(float[] rows) {
    Encoding encoding = encoding();
    Fitted now = require(rows.length);
    int width = Math.toIntExact(outputs);
    return rescaled(
        inParts(
            now,
            encoding.ternary(rows),
            encoding.planes(),
            part -> encoding.decode(now.unit.project(part), width)));
  }

  private float[] rescaled(float[] projected) {
    float factor = (float) rescaling.factor(fitted.unit);
    for (int i = 0; factor != 1 && i < projected.length; i++) {
      projected[i] *= factor;
    }
    return projected;
  }

  /** Shows a part of the rows after the other, so that neither host nor device holds much more. */
  private float[] inParts(Fitted now, byte[] vectors, int perRow, Show show) {
    int size = perRow * now.inputs();
    int rows = vectors.length / size;
    float[] result = new float[new Shape(rows, outputs).arrayLength()];
    int done = 0;
    int atOnce = (int) Math.max(1, PART / perRow / Math.max(outputs, now.inputs()));
    for (int row = 0; row < rows; row += atOnce) {
      int end = Math.min(rows, row + atOnce);
      float[] part = show.show(Arrays.copyOfRange(vectors, row * size, end * size));
      System.arraycopy(part, 0, result, done, part.length);
      done += part.length;
    }
    return result;
  }

  /**
   * Entries of a row.
   *
   * @return the width
   * @throws IllegalStateException before a fit
   */
  public int inputs() {
    return requireFitted().inputs();
  }

  /**
   * Entries of a projection.
   *
   * @return pixels
   */
  public long outputs() {
    return outputs;
  }

  /**
   * The unit behind it: what calibration found, which frames were shown, their modelled time.
   *
   * @return the unit; belongs to this object, and a fit makes another one
   * @throws IllegalStateException before a fit
   */
  public EmulatedOpu unit() {
    return requireFitted().unit;
  }

  /**
   * What the encoder has learnt.
   *
   * @return the fitted encoder
   * @throws IllegalStateException before a fit or without an encoder
   */
  public Encoding encoding() {
    requireEncoder();
    return requireFitted().encoding;
  }

  /** Frees the unit; idempotent. The device stays open. */
  @Override
  public void close() {
    closed = true;
    if (fitted != null) {
      fitted.scope.close();
      fitted = null;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this optical unit is closed");
    }
  }

  private Fitted requireFitted() {
    requireOpen();
    if (fitted == null) {
      throw new IllegalStateException("fit comes first: it tells the optical unit its inputs");
    }
    return fitted;
  }

  private Fitted require(int length) {
    Fitted now = requireFitted();
    Encoding.requireRows(length, now.inputs());
    return now;
  }

  private void requireEncoder() {
    if (encoder == null) {
      throw new IllegalStateException(
          "floats need an encoder: builder.encoder(...) takes BinaryThreshold or BitPlanes");
    }
  }

  private static void requireTernary(byte[] rows) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] < -1 || rows[i] > 1) {
        throw new IllegalArgumentException(
            "entries are -1, 0 or 1, but entry "
                + i
                + " is "
                + rows[i]
                + "; an encoder (BinaryThreshold, BitPlanes) takes floats");
      }
    }
  }

  private void requireByteCamera() {
    Camera camera = settings.camera();
    if (camera.bits() > Byte.SIZE || !camera.quantised() || !camera.saturates()) {
      throw new IllegalStateException(
          "frames of unsigned bytes need a camera of at most 8 bits that rounds and saturates;"
              + " this one has "
              + camera.bits()
              + " bits, rounding "
              + (camera.quantised() ? "on" : "off")
              + ", saturation "
              + (camera.saturates() ? "on" : "off")
              + ": intensity(...) returns its counts");
    }
  }

  private static byte[] bytes(float[] counts) {
    byte[] bytes = new byte[counts.length];
    for (int i = 0; i < counts.length; i++) {
      bytes[i] = (byte) (int) counts[i];
    }
    return bytes;
  }
}
