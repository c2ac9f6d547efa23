package io.github.swag4j.reports;

import io.github.swag4j.base.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * A chart that can be written as SVG or PNG.
 *
 * <p>Charts are immutable and drawn anew by every call; the same chart gives the same SVG bytes on
 * every machine. They need no display.
 */
public abstract sealed class Chart
    permits DifferenceChart,
        FlatnessChart,
        LossSurfaceChart,
        ReliabilityChart,
        RocChart,
        ScaleChart,
        ScheduleChart,
        ScoreHistogramChart,
        SurfaceLineChart,
        TrainingChart,
        WindowChart {

  /** How much room a drawing is made for. */
  enum Layout {
    /** A phone. */
    NARROW,
    /** A column of three, and files. */
    STANDARD,
    /** Half of a desktop's page. */
    WIDE
  }

  Chart() {}

  /** The drawing in a layout, the standard one where the chart does not have it. */
  abstract Figure figure(Layout layout);

  /** Whether the chart takes a row of its own and has another layout for narrow screens. */
  boolean hasNarrowLayout() {
    return false;
  }

  /** Whether the chart has a layout for half of a desktop's page. */
  boolean hasWideLayout() {
    return false;
  }

  /**
   * What the chart is called, also the {@code <title>} of its SVG.
   *
   * @return the title
   */
  public String title() {
    return figure(Layout.STANDARD).title();
  }

  /**
   * What the chart shows, in sentences for those who cannot see it; the {@code <desc>} of its SVG.
   *
   * @return the description
   */
  public String description() {
    return figure(Layout.STANDARD).description();
  }

  /**
   * The chart as an SVG element that refers to nothing outside itself. Its ids start with a
   * checksum of the chart's text, so that different charts can share a page.
   *
   * @return SVG text
   */
  public String toSvg() {
    Figure figure = figure(Layout.STANDARD);
    CRC32 crc = new CRC32();
    crc.update((figure.title() + "\n" + figure.description()).getBytes(StandardCharsets.UTF_8));
    return SvgDocument.of(figure, String.format(Locale.ROOT, "c%08x-", crc.getValue()));
  }

  /**
   * The chart as an SVG element whose ids start with a given prefix.
   *
   * @param idPrefix a letter, then letters, digits, {@code -} or {@code _}
   * @return SVG text
   * @throws IllegalArgumentException if the prefix is not a valid start of an id
   */
  public String toSvg(String idPrefix) {
    if (!idPrefix.matches("[A-Za-z][A-Za-z0-9_-]*")) {
      throw new IllegalArgumentException(
          "id prefix must be a letter, then letters, digits, - or _, got \"" + idPrefix + "\"");
    }
    return SvgDocument.of(figure(Layout.STANDARD), idPrefix);
  }

  /**
   * The chart as a PNG image.
   *
   * @param scale pixels for each unit of the drawing, above 0 and at most 8; 2 suits most screens
   * @return the bytes of the file
   * @throws IllegalArgumentException if the scale is out of range
   */
  public byte[] toPng(double scale) {
    if (!(scale > 0 && scale <= 8)) {
      throw new IllegalArgumentException("scale must be above 0 and at most 8, got " + scale);
    }
    return PngDocument.of(figure(Layout.STANDARD), scale);
  }

  /**
   * Writes the chart to a file, {@code .svg} or {@code .png} (at twice its size), whole or not at
   * all. Folders are made when missing.
   *
   * @param file where to
   * @throws IOException if the file cannot be written
   * @throws IllegalArgumentException if the name ends otherwise
   */
  public void write(Path file) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".svg")) {
      AtomicFile.write(file, out -> out.write(toSvg().getBytes(StandardCharsets.UTF_8)));
    } else if (name.endsWith(".png")) {
      AtomicFile.write(file, out -> out.write(toPng(2)));
    } else {
      throw new IllegalArgumentException("a chart's file must end in .svg or .png, got " + file);
    }
  }
}
