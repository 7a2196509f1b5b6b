package dev.feedlight.bench.plot;

/**
 * This Java cannot draw: it finds no font, so no picture can carry text, or it was linked without
 * its part for pictures. The message says what would help.
 */
public final class NoPicturesException extends IllegalStateException {
  private static final long serialVersionUID = 1L;
  private static final String DESKTOP = "java.desktop";

  private NoPicturesException(String message, Throwable cause) {
    super(message, cause);
  }

  static NoPicturesException withoutFonts(Throwable cause) {
    return new NoPicturesException(
        "no fonts, so no pictures: install fontconfig and a font"
            + " (Debian: apt-get install fontconfig fonts-dejavu-core)",
        cause);
  }

  /**
   * Whether there is anything to draw with; whether there are fonts shows when something is drawn.
   *
   * @return false in a Java without {@code java.desktop}, as a bundle for a GPU box has
   */
  public static boolean drawingIsIn() {
    return ModuleLayer.boot().findModule(DESKTOP).isPresent();
  }

  /**
   * Before the first class that draws is used.
   *
   * @throws NoPicturesException if there is nothing to draw with
   */
  public static void requireDrawing() {
    if (!drawingIsIn()) {
      throw new NoPicturesException(
          "no pictures: this Java has no module "
              + DESKTOP
              + "; draw on a machine with a whole one",
          null);
    }
  }
}
