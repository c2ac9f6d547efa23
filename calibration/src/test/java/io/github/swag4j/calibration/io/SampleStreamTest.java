package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples written one after the other are read as if they had been written together. */
class SampleStreamTest {
  private static final int ROWS = 50;
  private static final int CLASSES = 3;

  @TempDir private Path folder;

  private static double[][][] samples(int count) {
    Random random = new Random(count);
    double[][][] out = new double[count][ROWS][CLASSES];
    for (double[][] sample : out) {
      for (double[] row : sample) {
        double a = random.nextDouble();
        double b = random.nextDouble() * (1 - a);
        row[0] = a;
        row[1] = b;
        row[2] = 1 - a - b;
      }
    }
    return out;
  }

  private static double[] flat(double[][] sample) {
    double[] out = new double[ROWS * CLASSES];
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(sample[r], 0, out, r * CLASSES, CLASSES);
    }
    return out;
  }

  @Test
  void aStreamedFileIsReadLikeOneWrittenAtOnce() throws IOException {
    for (int count : new int[] {1, 9, 10, 100}) {
      double[][][] samples = samples(count);
      Predictions whole = Predictions.builder().samples(samples).labels(new int[ROWS]).build();
      Predictions mean = Predictions.builder().samples(samples).labels(new int[ROWS]).build();
      Path file = folder.resolve(count + ".npz");
      SampleStream.write(
          file,
          stream -> {
            for (double[][] sample : samples) {
              stream.add(flat(sample), CLASSES);
            }
            stream.finish(mean);
          });
      Predictions read = PredictionFiles.read(file);
      assertThat(read.samples()).isEqualTo(count);
      assertThat(read.label(3)).isZero();
      for (int r = 0; r < ROWS; r++) {
        assertThat(read.probabilities(r)).isEqualTo(whole.probabilities(r));
        assertThat(read.expectedEntropy(r)).isEqualTo(whole.expectedEntropy(r));
        for (int s = 0; s < count; s++) {
          assertThat(read.sampleProbability(s, r, 1)).isEqualTo(samples[s][r][1]);
        }
      }
    }
  }

  /** Readers that go from member to member, without the directory at the end, check sizes too. */
  @Test
  void everyMemberIsWholeForAReaderFromTheFront() throws IOException {
    Path file = folder.resolve("samples.npz");
    double[][][] samples = samples(4);
    SampleStream.write(
        file,
        stream -> {
          for (double[][] sample : samples) {
            stream.add(flat(sample), CLASSES);
          }
          stream.finish(Predictions.builder().samples(samples).build());
        });
    int members = 0;
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        assertThat(zip.readAllBytes().length).isEqualTo((int) e.getSize());
        members++;
      }
    }
    assertThat(members).isEqualTo(3);
  }

  @Test
  void aFileAppearsWholeOrNotAtAll() throws IOException {
    Path file = folder.resolve("samples.npz");
    assertThatThrownBy(() -> SampleStream.write(file, s -> s.add(flat(samples(1)[0]), CLASSES)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call finish");
    assertThatThrownBy(
            () ->
                SampleStream.write(
                    file,
                    s -> {
                      s.add(flat(samples(1)[0]), CLASSES);
                      s.add(new double[6], CLASSES);
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must have 50 rows and 3 columns, got 6 values");
    assertThatThrownBy(
            () ->
                SampleStream.write(
                    file,
                    s ->
                        s.finish(
                            Predictions.builder().probabilities(new double[][] {{0, 1}}).build())))
        .hasMessageContaining("0 samples, at least 1");
    assertThatThrownBy(
            () ->
                SampleStream.write(
                    file,
                    s -> {
                      s.add(flat(samples(1)[0]), CLASSES);
                      s.finish(
                          Predictions.builder().probabilities(new double[][] {{0, 1}}).build());
                    }))
        .hasMessageContaining("the 50 rows and 3 classes of 1 samples");
    assertThat(folder).isEmptyDirectory();
  }
}
