package io.sluice.bench.report;

import java.util.Locale;

/** Builds the text of an SVG image with a white ground, so that it can be read on any page. */
final class Svg {

  static final String OURS = "#0b5cad";
  static final String OTHERS = "#8a939c";
  static final String LIMIT = "#b3261e";
  static final String INK = "#1f2328";
  static final String GRID = "#d8dee4";

  private final StringBuilder text = new StringBuilder();

  Svg(int width, int height) {
    text.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
        font-family="system-ui, sans-serif" font-size="13" fill="%3$s">
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        """
            .formatted(width, height, INK));
  }

  Svg bar(double x, double y, double width, double height, String colour) {
    return element(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"%s\"/>",
        x, y, Math.max(width, 1), height, colour);
  }

  Svg line(double x1, double y1, double x2, double y2, String colour, double width) {
    return element(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>",
        x1, y1, x2, y2, colour, width);
  }

  Svg dot(double x, double y, String colour) {
    return element("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>", x, y, colour);
  }

  /**
   * A text.
   *
   * @param anchor which part of it is at the place: {@code start}, {@code middle} or {@code end}
   */
  Svg text(double x, double y, String anchor, String words) {
    return element(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, escaped(words));
  }

  Svg title(String words) {
    return element(
        "<text x=\"12\" y=\"24\" font-size=\"15\" font-weight=\"600\">%s</text>", escaped(words));
  }

  private Svg element(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
    return this;
  }

  private static String escaped(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  String end() {
    return text + "</svg>\n";
  }
}
