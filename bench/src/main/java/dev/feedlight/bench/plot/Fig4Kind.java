package dev.feedlight.bench.plot;

import dev.feedlight.bench.plot.MarkStyle.Dash;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Clock;
import dev.feedlight.bench.results.ResultLine.Rule;
import java.awt.Color;
import java.util.Comparator;

/**
 * What one curve of Fig. 4 shows.
 *
 * @param rule learning rule
 * @param clock where the optical time comes from; {@code NONE} where there is no optics
 * @param overlapped whether modelled optics run beside the electronics
 * @param transmission how the transmission matrix is held, or empty
 */
record Fig4Kind(Rule rule, Clock clock, boolean overlapped, String transmission) {
  /** Order of drawing and of the legend. */
  static final Comparator<Fig4Kind> ORDER =
      Comparator.comparing(Fig4Kind::rule)
          .thenComparing(Fig4Kind::clock)
          .thenComparing(Fig4Kind::overlapped)
          .thenComparing(Fig4Kind::transmission);

  static Fig4Kind of(ResultLine line) {
    return new Fig4Kind(
        line.rule() == null ? Rule.ODFA : line.rule(),
        line.clock() == null ? Clock.NONE : line.clock(),
        Boolean.TRUE.equals(line.overlapped()),
        line.transmission() == null ? "" : line.transmission());
  }

  Fig4Kind withTransmission(String other) {
    return new Fig4Kind(rule, clock, overlapped, other);
  }

  boolean isModelled() {
    return rule == Rule.ODFA && clock == Clock.MODELLED;
  }

  /** Name in the legend; the transmission is named where it matters for the time. */
  String label() {
    String matrix = transmission.isEmpty() ? "" : ", " + transmission + " T";
    return switch (clock) {
      case EMULATED -> name() + ", emulated" + matrix;
      case MODELLED -> name() + ", modelled clock" + (overlapped ? ", overlapped" : "") + matrix;
      case NONE -> name() + matrix;
    };
  }

  MarkStyle style() {
    return switch (rule) {
      case BP -> MarkStyle.line(Look.BLUE, Dash.SOLID, Glyph.CROSS, true);
      case DFA -> MarkStyle.line(Look.GREEN, dash(), Glyph.SQUARE, !isStored());
      case SHLW -> MarkStyle.line(Look.FAINT_INK, Dash.DASH_DOT, Glyph.DIAMOND, true);
      case ODFA -> opticalStyle();
    };
  }

  private MarkStyle opticalStyle() {
    if (clock == Clock.MODELLED) {
      Color color = overlapped ? Look.ORANGE : Look.VERMILLION;
      Dash pattern = overlapped ? (isStored() ? Dash.DOTTED : Dash.DASHED) : dash();
      return MarkStyle.line(color, pattern, Glyph.CIRCLE, !overlapped && !isStored());
    }
    Glyph glyph = isStored() ? Glyph.TRIANGLE_DOWN : Glyph.TRIANGLE_UP;
    return MarkStyle.line(Look.PURPLE, dash(), glyph, !isStored());
  }

  private Dash dash() {
    return switch (transmission) {
      case "", "procedural" -> Dash.SOLID;
      case "stored" -> Dash.DASHED;
      default -> Dash.DOTTED;
    };
  }

  private boolean isStored() {
    return transmission.equals("stored");
  }

  private String name() {
    return rule.name();
  }
}
