package dev.feedlight.bench.plot;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.util.List;

/**
 * Lines and bars over a linear vertical axis; the horizontal one is linear, logarithmic or made of
 * names. What reaches beyond the axes is cut off at the frame.
 *
 * @param title pieces written one after another above the frame, each in its colour; broken into
 *     lines between pieces
 * @param x horizontal axis
 * @param y vertical axis
 * @param layers in drawing order; areas lie below all lines
 * @param references values of y marked by a thin line across, as far as they lie on the axis
 */
public record LinearPanel(
    List<Text> title,
    Axis x,
    LinearAxis y,
    List<? extends PanelLayer> layers,
    List<Double> references)
    implements Panel {
  /** Keeps copies and the references that can be drawn. */
  public LinearPanel {
    title = List.copyOf(title);
    layers = List.copyOf(layers);
    LinearAxis axis = y;
    references = references.stream().filter(r -> axis.min() <= r && r <= axis.max()).toList();
  }

  @Override
  public int leftWidth() {
    return frame().leftWidth();
  }

  @Override
  public int titleHeight(int width) {
    return frame().titleHeight(width);
  }

  @Override
  public void paint(Graphics2D g, Rectangle area, Surroundings surroundings) {
    PanelFrame frame = frame();
    frame.paintGrid(g, area, references);
    PanelLayer.Place place = new PanelLayer.Place(area, x, y);
    Shape before = g.getClip();
    g.clip(area);
    layers.forEach(layer -> layer.paintAreas(g, place));
    layers.forEach(layer -> layer.paintLines(g, place));
    g.setClip(before);
    frame.paint(g, area, surroundings);
    layers.forEach(layer -> layer.paintMarkers(g, place));
  }

  private PanelFrame frame() {
    return new PanelFrame(title, x, y);
  }
}
