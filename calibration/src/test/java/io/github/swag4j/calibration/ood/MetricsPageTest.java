package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.ood.features.DetectorFiles;
import io.github.swag4j.calibration.ood.features.FeatureBatch;
import io.github.swag4j.calibration.ood.features.FeatureDetector;
import io.github.swag4j.calibration.ood.features.Mahalanobis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps docs/metrics-ood.md true: its snippet is code of this class, its scores all exist. */
class MetricsPageTest {
  private static final Path PAGE = Path.of("../docs/metrics-ood.md");
  private static final Path THIS =
      Path.of("src/test/java/io/github/swag4j/calibration/ood/MetricsPageTest.java");

  @Test
  void snippetOfThePageIsThisTest(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("detector.bin");
    double[][] trainFeatures = {{0, 1}, {1, 0}, {0, 0}, {4, 4}, {5, 3}, {5, 5}};
    int[] trainLabels = {0, 0, 0, 1, 1, 1};
    double[][] in = {{0.5, 0.5}, {4.5, 4}};
    double[][] out = {{20, -9}, {-7, 8}};

    FeatureBatch train = FeatureBatch.of(trainFeatures).withLabels(trainLabels);
    DetectorFiles.write(path, Mahalanobis.fitRelative(train));
    FeatureDetector detector = (FeatureDetector) DetectorFiles.read(path);
    DetectionCurve curve =
        DetectionCurve.of(
            detector.score(FeatureBatch.of(in)), detector.score(FeatureBatch.of(out)));

    assertThat(curve.auroc()).isEqualTo(1);
    String page = Files.readString(PAGE);
    int start = page.indexOf("```java") + "```java".length();
    String snippet = page.substring(start, page.indexOf("```", start));
    assertThat(squeezed(Files.readString(THIS))).contains(squeezed(snippet));
  }

  @Test
  void everyScoreIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    for (OodScore score : OodScore.all()) {
      assertThat(page).contains("| `" + score.name() + "`");
    }
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}
