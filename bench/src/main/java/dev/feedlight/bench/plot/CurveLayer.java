package dev.feedlight.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The curves of one panel, drawn by XChart with its own axes and legend switched off. */
final class CurveLayer {
  private static final Color NOTHING = new Color(255, 255, 255, 0);
  private static final BasicStroke BAR_STROKE = new BasicStroke(1.3f);

  /** Half the width of the caps of an error bar. */
  private static final double CAP = 4;

  private CurveLayer() {}

  static void paint(Graphics2D g, Rectangle area, LogAxis x, LogAxis y, List<Curve> curves) {
    XYChart chart = new XYChart(area.width, area.height);
    style(chart.getStyler(), x, y);
    for (int i = 0; i < curves.size(); i++) {
      addSpread(chart, "spread " + i, curves.get(i), x, y, CAP / area.width);
    }
    for (int i = 0; i < curves.size(); i++) {
      addCurve(chart, "curve " + i, curves.get(i));
    }
    if (chart.getSeriesMap().isEmpty()) {
      return;
    }
    AffineTransform before = g.getTransform();
    g.translate(area.x, area.y);
    chart.paint(g, area.width, area.height);
    g.setTransform(before);
  }

  private static void style(XYStyler styler, LogAxis x, LogAxis y) {
    styler.setChartBackgroundColor(NOTHING).setChartPadding(0).setChartTitleVisible(false);
    styler.setLegendVisible(false).setMarkerSize(Math.round(Look.MARKER_SIZE));
    styler.setPlotContentSize(1);
    styler.setPlotBackgroundColor(NOTHING).setPlotBorderVisible(false);
    styler.setPlotGridLinesVisible(false).setPlotMargin(0).setPlotTicksMarksVisible(false);
    styler.setAxisTicksVisible(false).setAxisTitlesVisible(false);
    styler.setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    styler.setXAxisMin(x.min()).setXAxisMax(x.max());
    styler.setYAxisMin(y.min()).setYAxisMax(y.max());
  }

  private static void addCurve(XYChart chart, String name, Curve curve) {
    if (curve.points().isEmpty()) {
      return;
    }
    MarkStyle style = curve.style();
    XYSeries series =
        chart.addSeries(
            name,
            curve.points().stream().mapToDouble(Curve.Point::x).toArray(),
            curve.points().stream().mapToDouble(Curve.Point::y).toArray());
    series.setLineColor(style.color());
    series.setLineStyle(
        style.dash() == MarkStyle.Dash.NO_LINE ? SeriesLines.NONE : style.dash().stroke());
    series.setMarker(new GlyphMarker(style));
  }

  /** Low to high as one series: bar and two caps per point, kept apart by NaN. */
  private static void addSpread(
      XYChart chart, String name, Curve curve, LogAxis x, LogAxis y, double cap) {
    double[] xs = new double[0];
    double[] ys = new double[0];
    for (Curve.Point point : curve.points()) {
      if (point.low() == point.high()) {
        continue;
      }
      // A spread down to 0 or below has no logarithm; it leaves through the frame.
      double low = Math.max(point.low(), y.shifted(y.min(), -1));
      double left = x.shifted(point.x(), -cap);
      double right = x.shifted(point.x(), cap);
      double at = point.x();
      xs = joined(xs, at, at, at, left, right, right, left, right, right);
      ys =
          joined(
              ys,
              low,
              point.high(),
              Double.NaN,
              low,
              low,
              Double.NaN,
              point.high(),
              point.high(),
              Double.NaN);
    }
    if (xs.length > 0) {
      XYSeries series = chart.addSeries(name, xs, ys);
      series.setLineColor(curve.style().color());
      series.setLineStyle(BAR_STROKE);
      series.setMarker(SeriesMarkers.NONE);
    }
  }

  private static double[] joined(double[] head, double... tail) {
    double[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }

  private static final class GlyphMarker extends Marker {
    private final MarkStyle style;

    GlyphMarker(MarkStyle style) {
      this.style = style;
    }

    @Override
    public void paint(Graphics2D g, double x, double y, int size) {
      style.paintGlyph(g, x, y);
    }
  }
}
