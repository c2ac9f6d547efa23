package io.github.swag4j.reports;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.PdfDocument;
import io.github.swag4j.reports.drawing.PngDocument;
import io.github.swag4j.reports.drawing.SvgDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * A chart that can be written as SVG, PNG and PDF, and its numbers as CSV.
 *
 * <p>Charts are immutable and drawn anew by every call; the same chart gives the same SVG bytes on
 * every machine. They need no display; PNG and PDF need a font on the machine, SVG none.
 */
public abstract class Chart {

  /** How much room a drawing is made for. */
  public enum Layout {
    /** A phone. */
    NARROW,
    /** A column of three, and files. */
    STANDARD,
    /** Half of a desktop's page. */
    WIDE
  }

  /** A chart draws itself when it is asked to. */
  protected Chart() {}

  /**
   * The drawing in a layout, the standard one where the chart does not have it.
   *
   * @param layout how much room there is
   * @return the drawing
   */
  protected abstract Figure figure(Layout layout);

  /**
   * Whether the chart takes a row of its own and has another layout for narrow screens.
   *
   * @return whether it has
   */
  protected boolean hasNarrowLayout() {
    return false;
  }

  /**
   * Whether the chart has a layout for half of a desktop's page.
   *
   * @return whether it has
   */
  protected boolean hasWideLayout() {
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
    return SvgDocument.of(figure(Layout.STANDARD), prefix());
  }

  /**
   * The chart as an element of a page: a {@code <figure>} with the SVG.
   *
   * @return markup that refers to nothing outside itself
   */
  public String toHtml() {
    return "<figure>" + toSvg() + "</figure>";
  }

  /** Title and description, for logs and where nothing can be drawn. */
  @Override
  public String toString() {
    return title() + ": " + description();
  }

  private String prefix() {
    CRC32 crc = new CRC32();
    crc.update((title() + "\n" + description()).getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "c%08x-", crc.getValue());
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
    return PngDocument.of(figure(Layout.STANDARD), checked(scale));
  }

  private static double checked(double scale) {
    if (!(scale > 0 && scale <= 8)) {
      throw new IllegalArgumentException("scale must be above 0 and at most 8, got " + scale);
    }
    return scale;
  }

  /**
   * The numbers that are drawn, the twin of the picture: as CSV, and as a table of tablesaw.
   *
   * @return the numbers
   */
  public abstract ChartData data();

  /**
   * Writes the chart as SVG, whole or not at all, as wide as a paper's column where it has such a
   * layout. Folders are made when missing.
   *
   * @param file where to
   * @throws IOException if the file cannot be written
   */
  public void saveSvg(Path file) throws IOException {
    String svg = SvgDocument.of(onPaper(), prefix());
    AtomicFile.write(file, out -> out.write(svg.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Writes the chart as PNG, whole or not at all, as wide as a paper's column where it has such a
   * layout.
   *
   * @param file where to
   * @param scale pixels for each unit of the drawing, above 0 and at most 8; a column of 3.3 inches
   *     is 360 units, so that 3 is 327 dots an inch
   * @throws IOException if the file cannot be written
   * @throws IllegalArgumentException if the scale is out of range
   * @throws IllegalStateException if the machine has no fonts; the message says which package
   *     brings them
   */
  public void savePng(Path file, double scale) throws IOException {
    byte[] png = PngDocument.of(onPaper(), checked(scale));
    AtomicFile.write(file, out -> out.write(png));
  }

  /**
   * Writes the chart as a page of PDF of its own size, whole or not at all: 360 units of the
   * drawing are 3.3 inches. All is vectors; letters are outlines, so that no font is missing where
   * it is read or printed.
   *
   * @param file where to
   * @throws IOException if the file cannot be written
   * @throws IllegalStateException if the machine has no fonts; the message says which package
   *     brings them
   */
  public void savePdf(Path file) throws IOException {
    byte[] pdf = PdfDocument.of(onPaper());
    AtomicFile.write(file, out -> out.write(pdf));
  }

  /**
   * Writes the chart or its numbers as the name of the file says: {@code .svg}, {@code .png} (at
   * three times its size), {@code .pdf} or {@code .csv}.
   *
   * @param file where to
   * @throws IOException if the file cannot be written
   * @throws IllegalArgumentException if the name ends otherwise
   */
  public void write(Path file) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".svg")) {
      saveSvg(file);
    } else if (name.endsWith(".png")) {
      savePng(file, 3);
    } else if (name.endsWith(".pdf")) {
      savePdf(file);
    } else if (name.endsWith(".csv")) {
      data().write(file);
    } else {
      throw new IllegalArgumentException(
          "a chart's file must end in .svg, .png, .pdf or .csv, got " + file);
    }
  }

  private Figure onPaper() {
    return figure(hasNarrowLayout() ? Layout.NARROW : Layout.STANDARD);
  }
}
