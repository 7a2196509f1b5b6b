package dev.feedlight.bench.plot;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import dev.feedlight.io.AtomicFile;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Writes a {@link FigureSheet} as PNG and as SVG; both come from the same drawing commands. */
public final class FigureWriter {
  /** Pixels of the PNG per unit of the sheet. */
  static final int PNG_SCALE = 2;

  /** Stands behind the font that was measured: DejaVu Sans is as wide as Verdana. */
  private static final String OTHER_FONTS = ",Verdana,sans-serif";

  private FigureWriter() {}

  /**
   * Writes {@code name.png} and {@code name.svg} into {@code directory}, each as a whole.
   *
   * @return the two files
   * @throws NoPicturesException if Java finds no font on this machine
   * @throws IOException if a file cannot be written
   */
  public static List<Path> write(FigureSheet sheet, Path directory, String name)
      throws IOException {
    byte[] png = png(sheet);
    byte[] svg = svg(sheet).getBytes(StandardCharsets.UTF_8);
    Path pngFile = directory.resolve(name + ".png");
    Path svgFile = directory.resolve(name + ".svg");
    AtomicFile.write(pngFile, png);
    AtomicFile.write(svgFile, svg);
    return List.of(pngFile, svgFile);
  }

  static byte[] png(FigureSheet sheet) throws IOException {
    BufferedImage image =
        new BufferedImage(
            PNG_SCALE * FigureSheet.WIDTH, PNG_SCALE * height(sheet), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.scale(PNG_SCALE, PNG_SCALE);
    sheet.paint(g);
    g.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "png", bytes)) {
      throw new IOException("this Java runtime cannot write PNG files");
    }
    return bytes.toByteArray();
  }

  static String svg(FigureSheet sheet) throws IOException {
    int height = height(sheet);
    VectorGraphics2D g = new VectorGraphics2D();
    sheet.paint(g);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new SVGProcessor()
        .getDocument(g.getCommands(), new PageSize(0, 0, FigureSheet.WIDTH, height))
        .writeTo(bytes);
    return bytes
        .toString(StandardCharsets.UTF_8)
        // Parsers fetch the document type from the network; no reader of SVG needs it.
        .replaceFirst("(?s)<!DOCTYPE.*?>\\s*", "")
        .replaceAll("font-family:&quot;([^&]+)&quot;", "font-family:&quot;$1&quot;" + OTHER_FONTS);
  }

  private static int height(FigureSheet sheet) {
    try {
      TextSize.height(Look.TEXT);
    } catch (RuntimeException | LinkageError e) {
      throw NoPicturesException.withoutFonts(e);
    }
    return sheet.height();
  }
}
