package io.github.swag4j.reports.gallery;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GalleryTest {
  @Test
  void look() throws Exception {
    Path to = Path.of("/tmp/charts-look");
    Files.createDirectories(to);
    for (Gallery.Picture p : Gallery.pictures()) {
      p.chart().savePng(to.resolve(p.file() + ".png"), 2);
      p.chart().savePdf(to.resolve(p.file() + ".pdf"));
      p.chart().saveSvg(to.resolve(p.file() + ".svg"));
      p.chart().data().write(to.resolve(p.file() + ".csv"));
    }
  }
}
