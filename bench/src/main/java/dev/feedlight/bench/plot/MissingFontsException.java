package dev.feedlight.bench.plot;

/** Java found no font, so no picture can carry text. The message says what to install. */
public final class MissingFontsException extends IllegalStateException {
  MissingFontsException(Throwable cause) {
    super(
        "no fonts, so no pictures: install fontconfig and a font"
            + " (Debian: apt-get install fontconfig fonts-dejavu-core)",
        cause);
  }
}
