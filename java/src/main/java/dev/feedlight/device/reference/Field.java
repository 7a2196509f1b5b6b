package dev.feedlight.device.reference;

/** The optical field at one pixel. */
sealed interface Field {
  Field minus(Field other);

  /** |field|^2, rounded to float once where the field is exact. */
  float intensity();

  /** Re(conj(this) other), rounded as {@link #intensity()}. */
  float against(Field other);

  float realPart();

  float imaginaryPart();

  /** Sums of signed bytes. */
  record Exact(long real, long imaginary) implements Field {
    @Override
    public Field minus(Field other) {
      Exact exact = (Exact) other;
      return new Exact(real - exact.real, imaginary - exact.imaginary);
    }

    @Override
    public float intensity() {
      return against(this);
    }

    @Override
    public float against(Field other) {
      Exact exact = (Exact) other;
      return (float)
          Math.addExact(
              Math.multiplyExact(real, exact.real), Math.multiplyExact(imaginary, exact.imaginary));
    }

    @Override
    public float realPart() {
      return real;
    }

    @Override
    public float imaginaryPart() {
      return imaginary;
    }
  }

  /** Single precision; every assignment rounds. */
  record Rounded(float real, float imaginary) implements Field {
    @Override
    public Field minus(Field other) {
      Rounded rounded = (Rounded) other;
      return new Rounded(real - rounded.real, imaginary - rounded.imaginary);
    }

    @Override
    public float intensity() {
      return against(this);
    }

    @Override
    public float against(Field other) {
      Rounded rounded = (Rounded) other;
      float first = real * rounded.real;
      float second = imaginary * rounded.imaginary;
      return first + second;
    }

    @Override
    public float realPart() {
      return real;
    }

    @Override
    public float imaginaryPart() {
      return imaginary;
    }
  }
}
