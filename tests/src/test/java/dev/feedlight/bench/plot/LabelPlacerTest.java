package dev.feedlight.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LabelPlacerTest {
  private static final Rectangle2D FRAME = new Rectangle2D.Double(0, 0, 300, 200);

  @Test
  void labelsOfOneSpotStayInsideApartAndOffTheCurve() {
    LabelPlacer placer = new LabelPlacer(FRAME);
    Line2D curve = new Line2D.Double(0, 200, 290, 20);
    placer.avoid(curve);
    Point2D point = new Point2D.Double(290, 20);
    List<Rectangle2D> labels = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Rectangle2D label = placer.place(point, 10, 80, 18);
      assertThat(FRAME.contains(label)).isTrue();
      assertThat(label.intersectsLine(curve)).isFalse();
      assertThat(labels).noneMatch(label::intersects);
      labels.add(label);
    }
  }

  @Test
  void aLabelKeepsItsDistanceFromTheFrame() {
    for (double x : new double[] {0, 80, 220, 300}) {
      Rectangle2D label = new LabelPlacer(FRAME).place(new Point2D.Double(x, 199), 4, 70, 18);
      assertThat(new Rectangle2D.Double(6, 6, 288, 188).contains(label)).as("x %s", x).isTrue();
    }
  }

  @Test
  void aLabelWithRoomStaysClose() {
    Rectangle2D label = new LabelPlacer(FRAME).place(new Point2D.Double(150, 100), 10, 60, 18);
    assertThat(label.contains(150, 100)).isFalse();
    assertThat(label.intersects(130, 80, 40, 40)).isTrue();
  }
}
