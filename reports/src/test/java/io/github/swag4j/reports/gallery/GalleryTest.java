package io.github.swag4j.reports.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.ChartData;
import io.github.swag4j.reports.Frames;
import io.github.swag4j.reports.Samples;
import io.github.swag4j.reports.drawing.Figure;
import java.awt.Color;
import java.awt.geom.Line2D;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import tech.tablesaw.api.Table;

/**
 * The gallery in docs shows every chart as it is drawn now. With {@code -Dgallery.write=true} it is
 * written first.
 */
class GalleryTest {
  private static final Path DOCS = docs();
  private static final int MOST_BYTES = 60_000;
  private static List<Gallery.Picture> pictures;

  @BeforeAll
  static void draw() throws IOException {
    pictures = Gallery.pictures();
    if (Boolean.getBoolean("gallery.write")) {
      for (Gallery.Picture picture : pictures) {
        picture.chart().saveSvg(DOCS.resolve(picture.file() + ".svg"));
      }
      Files.writeString(DOCS.resolve("README.md"), GalleryPage.of(pictures));
    }
  }

  @Test
  void theGalleryHasEveryPublicChart() throws Exception {
    Set<String> drawn =
        pictures.stream()
            .map(picture -> picture.chart().getClass().getName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(drawn).isEqualTo(charts());
  }

  @Test
  void thePageAndItsPicturesAreThoseThatAreDrawn() throws IOException {
    assertThat(DOCS.resolve("README.md")).content().isEqualTo(GalleryPage.of(pictures));
    long bytes = 0;
    for (Gallery.Picture picture : pictures) {
      Path file = DOCS.resolve(picture.file() + ".svg");
      assertThat(Files.size(file)).as(picture.file()).isLessThan(MOST_BYTES);
      bytes += Files.size(file);
      String stored = Files.readString(file, StandardCharsets.UTF_8);
      assertThat(texts(stored)).as(picture.file()).isEqualTo(texts(drawn(picture.chart())));
    }
    assertThat(bytes).isLessThan(1_500_000);
    try (Stream<Path> files = Files.list(DOCS)) {
      assertThat(files).hasSize(pictures.size() + 1);
    }
  }

  @Test
  void noTextLeavesItsFrameOrLiesOnAnother() {
    for (Gallery.Picture picture : pictures) {
      Frames.requireTextInsideAndApart(picture.chart());
      Frames.requireShapesInside(picture.chart());
    }
  }

  @Test
  void chartsAreAsWideAsAPapersColumnAndTheirLettersCanBeRead() {
    for (Gallery.Picture picture : pictures) {
      String svg = drawn(picture.chart());
      Element root = Samples.parse(svg).getDocumentElement();
      double width = Double.parseDouble(root.getAttribute("width"));
      assertThat(width).as(picture.file()).isLessThanOrEqualTo(380);
      // 3.3 inches of 72 points: letters of 7 points and more.
      Samples.elements(Samples.parse(svg), "text")
          .forEach(
              text ->
                  assertThat(Double.parseDouble(text.getAttribute("font-size")) * 3.3 * 72 / width)
                      .isGreaterThan(7));
    }
  }

  @Test
  void theNumbersAsCsvAndAsATableAreTheSame() {
    for (Gallery.Picture picture : pictures) {
      ChartData data = picture.chart().data();
      assertThat(data.rows()).as(picture.file()).isNotEmpty();
      Table table = data.table();
      assertThat(table.columnNames()).isEqualTo(data.columns());
      List<String> lines = data.toCsv().lines().toList();
      assertThat(lines).hasSize(data.rows().size() + 1);
      for (String column : data.columns()) {
        if (data.rows().get(0).get(data.columns().indexOf(column)) instanceof Number) {
          assertThat(table.doubleColumn(column).asDoubleArray()).isEqualTo(data.numbers(column));
        }
      }
    }
  }

  /** The colour of the line before a method's name in a legend, in every chart that has one. */
  @Test
  void everyMethodHasTheSameColourInEveryChartAndNoOtherHasIt() {
    Map<String, Set<Color>> colours = new TreeMap<>();
    Map<String, Integer> charts = new TreeMap<>();
    for (Gallery.Picture picture : pictures) {
      Figure figure = Samples.figure(picture.chart(), Chart.Layout.STANDARD);
      for (Figure.Label label : figure.labels()) {
        String method = label.text().replaceFirst("[,:].*", "");
        if (List.of("SGD", "SWA", "SWAG").contains(method)) {
          lineBefore(figure, label)
              .ifPresent(
                  colour -> {
                    colours.computeIfAbsent(method, m -> new HashSet<>()).add(colour);
                    charts.merge(method, 1, Integer::sum);
                  });
        }
      }
    }
    assertThat(charts.get("SWAG")).isGreaterThanOrEqualTo(9);
    assertThat(charts.get("SGD")).isGreaterThanOrEqualTo(8);
    colours.forEach((method, found) -> assertThat(found).as(method).hasSize(1));
    assertThat(colours.values().stream().flatMap(Set::stream)).doesNotHaveDuplicates();
    assertThat(colours.get("SWAG")).containsExactly(new Color(0x00, 0x72, 0xb2));
  }

  private static Optional<Color> lineBefore(Figure figure, Figure.Label label) {
    return figure.marks().stream()
        .filter(mark -> mark.stroke() != null && mark.shape() instanceof Line2D)
        .filter(
            mark -> {
              Line2D line = (Line2D) mark.shape();
              double gap = label.x() - line.getX2();
              return line.getY1() == label.y() - 4 && gap > 0 && gap < 10;
            })
        .map(Figure.Mark::color)
        .findFirst();
  }

  private static String drawn(Chart chart) {
    try {
      Path file = Files.createTempFile("gallery", ".svg");
      chart.saveSvg(file);
      String svg = Files.readString(file, StandardCharsets.UTF_8);
      Files.delete(file);
      return svg;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> texts(String svg) {
    return Samples.elements(Samples.parse(svg), "text").stream()
        .map(Element::getTextContent)
        .toList();
  }

  private static Set<String> charts() throws Exception {
    URI location = Chart.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path root = Path.of(location);
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith("Chart.class")).toList()) {
        String name = root.relativize(file).toString().replace('/', '.').replace('\\', '.');
        Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()));
        if (Chart.class.isAssignableFrom(type)
            && Modifier.isPublic(type.getModifiers())
            && !Modifier.isAbstract(type.getModifiers())) {
          names.add(type.getName());
        }
      }
    }
    return names;
  }

  private static Path docs() {
    Path here = Path.of("").toAbsolutePath();
    return (Files.isDirectory(here.resolve("docs")) ? here : here.getParent())
        .resolve("docs/gallery");
  }
}
