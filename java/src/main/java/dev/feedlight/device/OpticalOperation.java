package dev.feedlight.device;

import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The operations of the optics: mirrors, medium, camera, read-out. As in {@link Operation}, results
 * come first.
 */
public sealed interface OpticalOperation extends Operation {
  /**
   * From errors to ternary vectors. The stochastic rule draws word {@code column & 3} of the Philox
   * block with counter (column / 4, projection low, projection high, 0), where the projection
   * number is that of {@link StepControl} plus the row.
   *
   * @param ternary S8, batch x n: -1, 0, +1
   * @param counts S32, batch x 2: number of +1, number of -1
   * @param error batch x n
   * @param rule the rule
   * @param key Philox key of the stochastic rule
   * @param control projection number
   */
  record Ternarize(
      Tensor ternary, Tensor counts, Tensor error, TernaryRule rule, long key, StepControl control)
      implements OpticalOperation {
    @Override
    public List<Tensor> reads() {
      return List.of(error, control.words());
    }

    @Override
    public List<Tensor> writes() {
      return List.of(ternary, counts);
    }

    @Override
    public long flops() {
      return error.shape().elements();
    }
  }

  /**
   * Fills a stored transmission matrix with {@link TransmissionBytes}.
   *
   * @param entries S8, 2 outputs x inputs, laid out as {@link Transmission.Stored}
   * @param pixels numbers of the rows
   * @param key Philox key
   */
  record SpeckleGenerate(Tensor entries, PixelMap pixels, long key) implements OpticalOperation {
    @Override
    public List<Tensor> reads() {
      return pixels.tensors();
    }

    @Override
    public List<Tensor> writes() {
      return List.of(entries);
    }

    @Override
    public long flops() {
      return entries.shape().elements();
    }
  }

  /**
   * Fills a stored transmission matrix with floating-point normal deviates ({@code gaussian32}):
   * the Philox block with counter (column / 2, row, 1, 0) makes two entries, words 0 and 1 that of
   * the even column, words 2 and 3 that of the odd one, by Box and Muller in double precision,
   * rounded once: {@code sqrt(-ln u) (cos 2 pi v, sin 2 pi v)} with {@code u = (word + 1) / 2^32},
   * {@code v = word / 2^32}, words unsigned. Real and imaginary parts are N(0, 1/2).
   *
   * @param entries F32, 2 outputs x inputs, laid out as {@link Transmission.Stored}
   * @param pixels numbers of the rows
   * @param key Philox key
   */
  record GaussianGenerate(Tensor entries, PixelMap pixels, long key) implements OpticalOperation {
    @Override
    public List<Tensor> reads() {
      return pixels.tensors();
    }

    @Override
    public List<Tensor> writes() {
      return List.of(entries);
    }

    @Override
    public long flops() {
      return entries.shape().elements();
    }
  }

  /**
   * Fills a stored transmission matrix whose inputs are macropixels: entry j of a row is the sum of
   * {@link TransmissionBytes} over columns {@code j mirrors} to {@code (j + 1) mirrors - 1}, an
   * integer rounded to float; exact below 2^24, which 44 sqrt(mirrors) is far from.
   *
   * @param entries F32, 2 outputs x inputs, laid out as {@link Transmission.Stored}
   * @param pixels numbers of the rows
   * @param key Philox key
   * @param mirrors per input, at least 1
   */
  record MacropixelGenerate(Tensor entries, PixelMap pixels, long key, long mirrors)
      implements OpticalOperation {
    @Override
    public List<Tensor> reads() {
      return pixels.tensors();
    }

    @Override
    public List<Tensor> writes() {
      return List.of(entries);
    }

    @Override
    public long flops() {
      return entries.shape().elements() * mirrors;
    }
  }

  /**
   * The optical field behind the medium: {@code field = T x}, exact where the matrix is made of
   * bytes. A ternary pattern gives the field of its positive mirrors less that of its negative
   * ones; behind a structured matrix it is transformed as it is, with its signs.
   *
   * @param field of {@link Transmission#fieldType()}, batch x 2 outputs: real parts, then imaginary
   *     parts
   * @param pattern S8 (-1, 0, 1) or U8 (0, 1), batch x inputs
   * @param transmission T
   * @param pixels numbers of T's rows
   */
  record SpeckleField(Tensor field, Tensor pattern, Transmission transmission, PixelMap pixels)
      implements OpticalOperation {
    @Override
    public List<Tensor> reads() {
      return joined(List.of(pattern), transmission.tensors(), pixels.tensors());
    }

    @Override
    public List<Tensor> writes() {
      return List.of(field);
    }

    @Override
    public long flops() {
      return pattern.rows() * transmission.flops();
    }
  }

  /**
   * One camera frame per row: {@code counts = camera(|field|^2)}.
   *
   * @param counts F32, batch x outputs
   * @param field S32 or F32, batch x 2 outputs
   * @param camera exposure and imperfections
   * @param pixels numbers and defects
   * @param noiseKey Philox key
   * @param projection projection number of the first row, in the noise's counter
   * @param frame frame number, in the noise's counter
   */
  record CameraExpose(
      Tensor counts,
      Tensor field,
      CameraResponse camera,
      PixelMap pixels,
      long noiseKey,
      long projection,
      int frame)
      implements OpticalOperation {
    @Override
    public List<Tensor> reads() {
      return joined(List.of(field), pixels.tensors());
    }

    @Override
    public List<Tensor> writes() {
      return List.of(counts);
    }

    @Override
    public long flops() {
      return counts.shape().elements();
    }
  }

  /**
   * The linear optical projection of ternary vectors: four camera frames (P, 1-P, N, 1-N, numbered
   * 0 to 3) per sample, read out against the anchor. Two products give all four: the field of 1-P
   * is T 1 - T P, in exact integers or, where fields are fp32, by one rounding.
   *
   * <p>Where every imperfection is off, the signal is computed without frames: (I(P) - I(1-P) -
   * I(N) + I(1-N)) / 2 = Re(conj(T 1) (T P - T N)), exact and rounded once for integers; for fp32
   * fields in this order: the differences of real and of imaginary parts, their products with the
   * anchor's, the sum.
   *
   * @param signal batch x outputs
   * @param ternary S8, batch x inputs
   * @param counts S32, batch x 2, as made by {@link Ternarize}
   * @param rowScale 1 x batch, a factor per sample
   * @param transmission T
   * @param pixels numbers of T's rows, defects
   * @param anchorField T 1, one row for each of {@link Transmission#parts()}: S32 where the parts
   *     are made of bytes, otherwise F32; parts x 2 outputs
   * @param anchorCounts F32, 1 x outputs: the anchor frame as the camera saw it, less its dark
   *     offset
   * @param camera exposure and imperfections
   * @param readOut the formula's parameters
   * @param noiseKey Philox key
   * @param control projection number
   */
  record SpeckleProject(
      Tensor signal,
      Tensor ternary,
      Tensor counts,
      Tensor rowScale,
      Transmission transmission,
      PixelMap pixels,
      Tensor anchorField,
      Tensor anchorCounts,
      CameraResponse camera,
      ReadOut readOut,
      long noiseKey,
      StepControl control)
      implements OpticalOperation {
    /**
     * Whether every imperfection is off.
     *
     * @return true if no frames need to be computed
     */
    public boolean ideal() {
      return camera.ideal() && pixels.response() == null;
    }

    @Override
    public List<Tensor> reads() {
      return joined(
          List.of(ternary, counts, rowScale, anchorField, anchorCounts, control.words()),
          transmission.tensors(),
          pixels.tensors());
    }

    @Override
    public List<Tensor> writes() {
      return List.of(signal);
    }

    @Override
    public long flops() {
      return 2 * ternary.rows() * transmission.flops();
    }
  }

  /**
   * The factor per sample that gives the projected signal the norm of its error: {@code gain |e| /
   * sqrt((#P + #N) outputs)}, and 0 for a sample whose ternary vector is all 0.
   *
   * @param rowScale 1 x batch
   * @param error batch x n
   * @param counts S32, batch x 2
   * @param gain factor on top, 1 for equal norms
   * @param outputs rows of T
   */
  record ErrorNormScale(Tensor rowScale, Tensor error, Tensor counts, float gain, long outputs)
      implements OpticalOperation {
    @Override
    public List<Tensor> reads() {
      return List.of(error, counts);
    }

    @Override
    public List<Tensor> writes() {
      return List.of(rowScale);
    }

    @Override
    public long flops() {
      return error.shape().elements();
    }
  }

  /**
   * Takes the mean over the batch out of every column, in place.
   *
   * @param signal batch x outputs, batch at least 2
   */
  record SubtractBatchMean(Tensor signal) implements OpticalOperation {
    @Override
    public List<Tensor> reads() {
      return List.of(signal);
    }

    @Override
    public List<Tensor> writes() {
      return List.of(signal);
    }

    @Override
    public long flops() {
      return 2 * signal.shape().elements();
    }
  }

  @SafeVarargs
  private static List<Tensor> joined(List<Tensor>... lists) {
    List<Tensor> joined = new ArrayList<>();
    for (List<Tensor> list : lists) {
      joined.addAll(list);
    }
    return joined;
  }
}
