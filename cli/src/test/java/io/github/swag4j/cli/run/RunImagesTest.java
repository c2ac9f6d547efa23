package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;
import io.github.swag4j.vision.data.RowOrder;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunImagesTest {
  private static final int CLASSES = 10;

  @TempDir private Path folder;

  private static RunConfig config(RowOrder order, Integer trainLimit, Integer batchNormRows) {
    return new RunConfig(
        new RunConfig.Data("quickstart", null, List.of(), List.of(), trainLimit, null, order, null),
        RunConfig.MODEL,
        false,
        RunConfig.Optimiser.of(3),
        RunConfig.Averaging.from(1),
        new RunConfig.Prediction(2, batchNormRows),
        1,
        1);
  }

  private static ImageData images(Split split) throws IOException {
    return Datasets.ofThisMachine().load("quickstart", split);
  }

  private static ImageData sortedByClass() throws IOException {
    ImageData train = images(Split.TRAIN);
    return train.select(
        IntStream.range(0, train.size())
            .boxed()
            .sorted(Comparator.comparingInt(train::label))
            .mapToInt(Integer::intValue)
            .toArray());
  }

  private static long classes(int[] labels) {
    return Arrays.stream(labels).distinct().count();
  }

  /** Another program that takes these rows of the file has the same images. */
  @Test
  void theSplitFileNamesTheRowsOfTheData() throws IOException {
    ImageData all = images(Split.TRAIN);
    RunConfig config = config(RowOrder.STRATIFIED, 100, null);
    RunImages split = RunImages.split(all, images(Split.TEST), config);
    Path file = folder.resolve("split.json");
    SplitFile.write(file, split.rows(), config);
    JsonObject json = RunDirectory.readJson(file, JsonObject.class);
    assertThat(json.get("data").getAsString()).isEqualTo("quickstart");
    assertThat(json.get("order").getAsString()).isEqualTo("STRATIFIED");
    assertThat(json.get("rows").getAsInt()).isEqualTo(all.size());
    assertThat(all.select(rows(json, "train")).sha256()).isEqualTo(split.train().sha256());
    assertThat(all.select(rows(json, "validation")).sha256())
        .isEqualTo(split.validation().sha256());
    assertThat(rows(json, "train")).hasSize(90).doesNotContain(rows(json, "validation"));
  }

  private static int[] rows(JsonObject json, String part) {
    return json.getAsJsonArray(part).asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  /** Rows sorted by class were trained on some classes and validated on the others. */
  @Test
  void rowsSortedByClassHaveEachClassInEveryPartAndEveryRefreshBatch() throws IOException {
    ImageData sorted = sortedByClass();
    for (Integer limit : new Integer[] {null, 1000}) {
      RunConfig config = config(RowOrder.STRATIFIED, limit, 600);
      RunImages split = RunImages.split(sorted, images(Split.TEST), config);
      assertThat(split.train().size() + split.validation().size())
          .isEqualTo(limit == null ? sorted.size() : limit);
      assertThat(classes(split.train().labels())).isEqualTo(CLASSES);
      assertThat(classes(split.validation().labels())).isEqualTo(CLASSES);
      ImageData refresh = config.prediction().batchNormRows(split.train());
      assertThat(refresh.size()).isEqualTo(600);
      ImageBatches batches = new ImageBatches(refresh, Normalisation.same(0, 1, 1), 120);
      int[] order = IntStream.range(0, refresh.size()).toArray();
      int[] seen = new int[1];
      try (NDManager manager = NDManager.newBaseManager()) {
        batches.forEach(
            manager,
            order,
            (inputs, labels) -> {
              float[] values = labels.toFloatArray();
              int[] each = IntStream.range(0, values.length).map(i -> (int) values[i]).toArray();
              assertThat(classes(each)).isEqualTo(CLASSES);
              seen[0]++;
            });
      }
      assertThat(seen[0]).isEqualTo(5);
    }
  }

  @Test
  void noRowIsBothTrainedOnAndHeldOut() throws IOException {
    ImageData all = images(Split.TRAIN);
    RunConfig config = config(RowOrder.STRATIFIED, null, null);
    int[] order = RowOrder.STRATIFIED.of(all.labels(), config.seed());
    RunImages split = RunImages.split(all, images(Split.TEST), config);
    int kept = split.train().size();
    assertThat(split.train().sha256()).isEqualTo(all.select(Arrays.copyOf(order, kept)).sha256());
    assertThat(split.validation().sha256())
        .isEqualTo(all.select(Arrays.copyOfRange(order, kept, order.length)).sha256());
  }

  /** Levels are divided by 255, floats are not: of 0 to 255 they would be far from all others. */
  @Test
  void floatsBesideLevelsAreRefusedUnlessTheyAreOfTheSameScale() throws IOException {
    ImageData test =
        ImageData.ofLevels("t", new byte[4], new int[1], ImageSize.grey(2, 2), List.of("a"));
    InputFit fit =
        new InputFit(
            RunDescription.Input.of(test, Normalisation.same(0, 1, 1)),
            new PrintWriter(Writer.nullWriter()));
    for (float value : new float[] {1, 255}) {
      Path file = folder.resolve("other.npz");
      ByteBuffer values = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putFloat(8, value);
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        zip.putNextEntry(new ZipEntry("x.npy"));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2), }\n";
        zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        zip.write(new byte[] {(byte) header.length(), 0});
        zip.write(header.getBytes(StandardCharsets.US_ASCII));
        zip.write(values.array());
      }
      List<String> name = List.of(file.toString());
      if (value == 1) {
        assertThat(RunImages.ood(name, List.of(), "t", Conversion.NONE, fit)).containsKey("other");
      } else {
        assertThatThrownBy(() -> RunImages.ood(name, List.of(), "t", Conversion.NONE, fit))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("other must have floats from 0 to 1, as what was trained on is")
            .hasMessageContaining("got 255.0 in image 0");
      }
    }
  }

  /** run-format-1.json was written by the program before rows were shuffled. */
  @Test
  void runsOfTheFirstFormatAreReadAndSplitAsTheyWere() throws IOException {
    try (InputStream in = RunImagesTest.class.getResourceAsStream("run-format-1.json")) {
      Files.copy(in, folder.resolve("run.json"));
    }
    RunDescription description = RunDescription.read(new RunDirectory(folder));
    RunConfig config = description.config();
    assertThat(config.data().order()).isEqualTo(RowOrder.AS_FILED);
    assertThat(config.data().ood()).containsExactly("quickstart-ood");
    assertThat(config.optimiser()).isEqualTo(new RunConfig.Optimiser(3, 50, 0.05, 0.9, 5e-4));
    assertThat(config.averaging()).isEqualTo(new RunConfig.Averaging(1, 0.01, 20, null));
    assertThat(config.prediction()).isEqualTo(new RunConfig.Prediction(2, null));
    RunImages split = RunImages.split(images(Split.TRAIN), images(Split.TEST), config);
    assertThat(description.isOwn("train", split.train())).isTrue();
    assertThat(description.isOwn("validation", split.validation())).isTrue();
  }

  @Test
  void aFormatToComeIsRefusedByItsNumber() throws IOException {
    Files.writeString(folder.resolve("run.json"), "{\"format\": 3, \"config\": {}}");
    assertThatThrownBy(() -> RunDescription.read(new RunDirectory(folder)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format must be 1 or 2, got 3");
  }
}
