package io.github.swag4j.reports.gallery;

import java.util.List;

/** The page of the gallery. */
final class GalleryPage {
  private static final String HEAD =
      """
      # Gallery

      Every chart of `io.github.swag4j.reports`, of made-up predictions of ten classes: SGD is too sure, SWA less so, SWAG averages
      20 samples. What unknown rows are, and what the methods gain, is made up too: for measured numbers see [results](../results.md).

      Data in, chart out, one class a chart:

      ```java
      Chart chart = ReliabilityChart.of("SGD, test set", ReliabilityDiagram.of(predictions)).withCorpCurve();
      chart.savePdf(Path.of("reliability.pdf"));        // also saveSvg, savePng(file, scale)
      chart.data().write(Path.of("reliability.csv"));   // the numbers that are drawn; data().table() for tablesaw
      ```

      From files, without code: `swag4j chart reliability predictions.npz -o reliability.pdf`; `swag4j chart --help` lists the kinds.

      One look: the colours of Okabe and Ito, which people with the common colour-vision deficiencies tell apart; a method has the
      same colour in every chart, by its name; letters are 7.9 points where the chart is 3.3 inches wide, a paper's column. SVG needs
      no font on the machine; PNG and PDF do (`fontconfig` and `fonts-dejavu-core` on Debian).

      This page and its pictures are written by

          ./mvnw -q -pl reports -am test -Dtest=GalleryTest -Dsurefire.failIfNoSpecifiedTests=false -Dgallery.write=true

      | Chart | |
      |---|---|
      """;

  private GalleryPage() {}

  static String of(List<Gallery.Picture> pictures) {
    StringBuilder page = new StringBuilder(HEAD);
    for (Gallery.Picture picture : pictures) {
      page.append("| **").append(picture.chart().getClass().getSimpleName()).append("**<br>");
      page.append(picture.sentence()).append(" | ![").append(picture.chart().title());
      page.append("](").append(picture.file()).append(".svg) |\n");
    }
    return page.toString();
  }
}
