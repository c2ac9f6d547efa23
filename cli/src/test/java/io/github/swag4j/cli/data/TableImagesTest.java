package io.github.swag4j.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.io.table.OutputColumn;
import io.github.swag4j.calibration.io.text.TableFiles;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Split;
import io.github.swag4j.vision.data.UndividedSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images and features that pyarrow wrote, by make_image_tables.py. */
class TableImagesTest {
  private static final Path FOLDER =
      Path.of("src", "test", "resources", "io", "github", "swag4j", "cli", "data", "tables");
  private static final int[] LABELS = IntStream.range(0, 15).map(i -> i % 3).toArray();

  private static ImageData read(String name, Split split, Conversion conversion)
      throws IOException {
    return new Datasets(Map.of(), FOLDER, FOLDER, List.of())
        .load(name, split, Optional.empty(), conversion);
  }

  private static byte level(int image, int at, int channel) {
    return (byte) ((37 * image + 11 * (at / 8) + 3 * (at % 8) + 101 * channel) % 256);
  }

  /** Whether an image is the one of that number. */
  private static void isImage(byte[] levels, int image) {
    for (int k = 0; k < levels.length; k++) {
      assertThat(levels[k]).isEqualTo(level(image, k % 64, k / 64));
    }
  }

  @Test
  void filesOfHuggingFaceAreDividedAndNameTheirClasses() throws IOException {
    ImageData train = read("hugging-face", Split.TRAIN, Conversion.NONE);
    ImageData test = read("hugging-face", Split.TEST, Conversion.NONE);
    assertThat(train).hasToString("hugging-face: 10 images of 8 x 8, 3 classes");
    assertThat(test.size()).isEqualTo(5);
    assertThat(train.classNames()).containsExactly("zebra", "ant", "bee");
    for (int i = 0; i < 10; i++) {
      assertThat(train.label(i)).isEqualTo(i % 3);
      isImage(train.pixels(i), i);
    }
    isImage(test.pixels(0), 10);
  }

  @Test
  void levelsOfASquareAreImagesAndNamesOfClassesAreSorted() throws IOException {
    ImageData test = read("levels.parquet", Split.TEST, Conversion.NONE);
    assertThat(test).hasToString("levels: 3 images of 8 x 8, 3 classes");
    assertThat(test.classNames()).containsExactly("ant", "bee", "zebra");
    int[] asNamed = IntStream.of(LABELS).map(k -> (k + 2) % 3).toArray();
    int[] rows = UndividedSplit.rows(asNamed, Split.TEST);
    for (int i = 0; i < rows.length; i++) {
      assertThat(test.label(i)).isEqualTo(asNamed[rows[i]]);
      isImage(test.pixels(i), rows[i]);
    }
  }

  @Test
  void levelsAreOfAnyTypeOfWholeNumbers() throws IOException {
    ImageData unsigned = read("levels-uint64.parquet", Split.TEST_OR_ALL, Conversion.NONE);
    assertThat(unsigned).hasToString("levels-uint64: 15 images of 8 x 8, 3 classes");
    isImage(unsigned.pixels(14), 14);
  }

  @Test
  void coloursAreReadByTheirAxes() throws IOException {
    Conversion last = Conversion.NONE.withLayout(Conversion.Layout.NHWC);
    ImageData train = read("colour.parquet", Split.TRAIN, last);
    assertThat(train.imageSize()).isEqualTo(new ImageSize(3, 8, 8));
    int[] rows = UndividedSplit.rows(LABELS, Split.TRAIN);
    for (int i = 0; i < rows.length; i++) {
      isImage(train.pixels(i), rows[i]);
    }
    assertThatThrownBy(() -> read("colour.parquet", Split.TRAIN, Conversion.NONE))
        .hasMessageContaining(
            "192 levels may be an image of 8 x 8 in colour, whose axes nothing says: give --layout"
                + " nhwc or nchw");
  }

  @Test
  void floatsAreFeaturesUnlessAxesAreNamed() throws IOException {
    assertThat(read("floats.parquet", Split.TEST, Conversion.NONE))
        .hasToString("floats: 3 rows of 64 features, 3 classes");
    Conversion axes = Conversion.NONE.withLayout(Conversion.Layout.NCHW);
    ImageData images = read("floats.parquet", Split.TEST, axes);
    assertThat(images.imageSize()).isEqualTo(ImageSize.grey(8, 8));
    float[] values = new float[64];
    images.copyScaled(0, values, 0);
    int row = UndividedSplit.rows(LABELS, Split.TEST)[0];
    assertThat(values[9]).isEqualTo((float) ((level(row, 9, 0) & 0xff) / 255.0));
  }

  @Test
  void columnsOfNumbersAreFeatures() throws IOException {
    ImageData train = read("features.parquet", Split.TRAIN, Conversion.NONE);
    assertThat(train).hasToString("features: 12 rows of 2 features, 3 classes");
    assertThat(train.featureNames()).containsExactly("height", "count");
    assertThat(read("features.parquet", Split.TEST_OR_ALL, Conversion.NONE).size()).isEqualTo(15);
    float[] values = new float[2];
    train.copyScaled(0, values, 0);
    assertThat(values[0]).isEqualTo(values[1] / 2);
  }

  @Test
  void withoutLabelsEveryRowIsForTesting() throws IOException {
    Conversion larger = Conversion.NONE.withSize("16").withChannels(3);
    ImageData images = read("png.parquet", Split.TEST, larger);
    assertThat(images.hasLabels()).isFalse();
    assertThat(images.size()).isEqualTo(15);
    assertThat(images.imageSize()).isEqualTo(new ImageSize(3, 16, 16));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nested | column 'pixels' must be a number, a list of numbers or the bytes of an image, got"
            + " lists in a list",
        "short | short.parquet, row 2: must have 3 numbers as the first row, got 2",
        "unlabelled | unlabelled.parquet, row 2, column 'label': must be a class index from 0 to 99999 or"
            + " the name of a class, got null",
        "two | must have one column of images or lists of numbers, got 'a' and 'b'"
      })
  void saysWhatAndWhere(String name, String message) {
    assertThatThrownBy(() -> read(name + ".parquet", Split.TRAIN, Conversion.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aMissingSplitAndADamagedImageAreNamed(@TempDir Path folder) throws IOException {
    Path image = FOLDER.resolve("hugging-face/test-00000-of-00001.parquet");
    Files.copy(image, folder.resolve("test.parquet"));
    Files.writeString(folder.resolve("README.md"), "x");
    String name = folder.toString();
    assertThat(read(name, Split.TEST, Conversion.NONE).size()).isEqualTo(5);
    assertThatThrownBy(() -> read(name, Split.TRAIN, Conversion.NONE))
        .hasMessageContaining("found none that begins with train");
  }

  private static Path table(Path file, List<String> names, double... row) throws IOException {
    List<OutputColumn> columns =
        names.stream().map(name -> new OutputColumn(name, OutputColumn.Kind.DOUBLE)).toList();
    TableFiles.write(
        file,
        columns,
        out -> {
          for (double value : row) {
            out.number(value);
          }
          out.endRow();
        });
    return file;
  }

  private static ImageData given(Path place, Split split) throws IOException {
    Path folder = place.getParent();
    return new Datasets(Map.of(), folder, folder, List.of())
        .load(place.getFileName().toString(), split, Optional.empty(), Conversion.NONE);
  }

  @Test
  void aNumberThatIsNoIndexIsNoClass(@TempDir Path folder) throws IOException {
    for (double bad : new double[] {Double.NaN, 0.37, -1, 100_000, Double.POSITIVE_INFINITY}) {
      Path file = table(folder.resolve("x.parquet"), List.of("a", "b", "label"), 1, 2, bad);
      assertThatThrownBy(() -> given(file, Split.TRAIN))
          .hasMessageContaining("row 1, column 'label': must be a class index from 0 to 99999")
          .hasMessageContaining("got " + bad);
    }
  }

  @Test
  void featuresOfTrainingAndTestFilesAreTheSame(@TempDir Path folder) throws IOException {
    Path set = Files.createDirectory(folder.resolve("set"));
    table(set.resolve("train.parquet"), List.of("a", "b", "label"), 1, 2, 0);
    table(set.resolve("test.parquet"), List.of("b", "a", "label"), 2, 1, 0);
    assertThatThrownBy(() -> given(set, Split.TEST))
        .hasMessageContaining("must have the columns of")
        .hasMessageContaining("in their order, [b, a, label], got [a, b, label]");
  }

  /** Else a fifth of all rows is drawn, and test rows are trained on. */
  @Test
  void filesThatAreCalledAfterASplitInAnotherWayAreRefused(@TempDir Path folder)
      throws IOException {
    for (String name : List.of("mnist_test.parquet", "Test.parquet", "my-valid-0.parquet")) {
      Path set = Files.createDirectory(folder.resolve("of " + name));
      table(set.resolve(name), List.of("a", "b", "label"), 1, 2, 0);
      assertThatThrownBy(() -> given(set, Split.TRAIN))
          .hasMessageContaining(name + ": files of a split must have names that begin with train");
    }
    Path two = Files.createDirectory(folder.resolve("two"));
    table(two.resolve("train.parquet"), List.of("a", "label"), 1, 0);
    Files.writeString(two.resolve("train.csv"), "a,label\n1,0\n");
    Files.writeString(two.resolve("test.csv"), "a,label\n1,0\n");
    assertThatThrownBy(() -> given(two, Split.TRAIN))
        .hasMessageContaining("must hold one data set, it has Parquet files and");
  }
}
