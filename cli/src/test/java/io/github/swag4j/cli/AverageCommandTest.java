package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AverageCommandTest {
  @TempDir private Path folder;
  private String a;
  private String b;
  private String out;

  @BeforeEach
  void writeFiles() throws IOException {
    a = write("a.safetensors", 10, 1, 2);
    b = write("b.safetensors", 20, 3, 8);
    out = folder.resolve("out.safetensors").toString();
  }

  private String write(String name, long batches, float... weights) throws IOException {
    Path file = folder.resolve(name);
    List<Long> shape = List.of((long) weights.length);
    new SafeTensorsWriter()
        .tensor("layer.weight", shape, List.of(FloatBuffer.wrap(weights)))
        .tensor("norm.running_var", shape, List.of(FloatBuffer.wrap(weights)))
        .tensor(
            new StoredTensor("norm.num_batches_tracked", TensorType.I64, List.of()),
            sink ->
                sink.write(
                    ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, batches)))
        .write(file);
    return file.toString();
  }

  private float[] read(String name) throws IOException {
    try (SafeTensors file = SafeTensors.open(Path.of(out))) {
      return file.readFloats(name);
    }
  }

  @Test
  void theAverageIsWrittenAndWhatWasDoneIsSaid() throws IOException {
    Cli cli = Cli.run("average", a, b, "-o", out);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(read("layer.weight")).containsExactly(2, 5);
    assertThat(cli.out())
        .contains("Averaged 2 tensors (4 values) of 2 files, uniform, accumulated in float64")
        .contains("Taken from " + b + ": norm.num_batches_tracked")
        .contains("Written: " + out);
    assertThat(cli.err())
        .contains("from the last file, for they differ: norm.num_batches_tracked")
        .contains("refresh them with training data");
    try (SafeTensors file = SafeTensors.open(Path.of(out))) {
      assertThat(file.metadata())
          .containsEntry("sources", "[\"a.safetensors\",\"b.safetensors\"]")
          .containsEntry("taken_from_last", "norm.num_batches_tracked")
          .containsEntry("count", "2");
    }
  }

  @Test
  void jsonIsOneObjectWithEveryFact() {
    Cli cli = Cli.run("average", a, b, "-o", out, "--json", "--weights", "3,1");
    assertThat(cli.out().lines()).hasSize(1);
    JsonObject object = JsonParser.parseString(cli.out()).getAsJsonObject();
    assertThat(object.get("rule").getAsString()).isEqualTo("weighted [3.0, 1.0]");
    assertThat(object.get("averaged").getAsInt()).isEqualTo(2);
    assertThat(object.getAsJsonObject("types").get("float32").getAsInt()).isEqualTo(2);
    assertThat(object.getAsJsonArray("from_last")).hasSize(1);
    assertThat(object.getAsJsonArray("sources")).hasSize(2);
  }

  @Test
  void weightsAndDecayGiveOtherAverages() throws IOException {
    assertThat(Cli.run("average", a, b, "-o", out, "--weights", "3,1").code()).isZero();
    assertThat(read("layer.weight")).containsExactly(1.5f, 3.5f);
    assertThat(Cli.run("average", a, b, "-o", out, "--ema", "0.25", "--overwrite").code()).isZero();
    assertThat(read("layer.weight")).containsExactly(2.5f, 6.5f);
  }

  @Test
  void namesAreChosenByPatterns() throws IOException {
    Cli cli = Cli.run("average", a, b, "-o", out, "--last", "*.running_*", "--exclude", "*.num_*");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(read("norm.running_var")).containsExactly(3, 8);
    assertThat(read("layer.weight")).containsExactly(2, 5);
    assertThat(cli.err())
        .contains("left out: norm.num_batches_tracked")
        .doesNotContain("refresh them");
  }

  @Test
  void aPatternThatMatchesNothingIsRefused() {
    for (String option : List.of("--include", "--exclude", "--last")) {
      Cli cli = Cli.run("average", a, b, "-o", out, option, "*.running_mean");
      assertThat(cli.code()).isEqualTo(2);
      assertThat(cli.err()).contains(option + " must match a tensor of " + a);
      assertThat(Path.of(out)).doesNotExist();
    }
  }

  @Test
  void aFileGivenTwiceCountsTwiceAndThatIsSaid() throws IOException {
    Cli cli = Cli.run("average", a, b, b, "-o", out);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err()).contains("a file that is given twice counts twice");
    assertThat(read("layer.weight")).containsExactly((float) (7 / 3.0), 6);
  }

  @Test
  void wrongUsageIsExitCodeTwoAndWritesNothing() {
    for (List<String> wrong :
        List.of(
            List.of("--weights", "1"),
            List.of("--weights", "1,-1"),
            List.of("--weights", "1,1", "--ema", "0.5"),
            List.of("--ema", "2"),
            List.of("--dtype", "int8"),
            List.of("--dtype", "nonsense"),
            List.of("--accumulate", "float16"),
            List.of("--accumulate", "float32", "--weights", "1,1"),
            List.of("--integers", "nonsense"))) {
      List<String> call = new ArrayList<>(List.of("average", a, b, "-o", out));
      call.addAll(wrong);
      Cli cli = Cli.run(call.toArray(String[]::new));
      assertThat(cli.code()).as("%s", wrong).isEqualTo(2);
      assertThat(cli.err().lines()).as("%s", wrong).hasSize(1);
      assertThat(Path.of(out)).doesNotExist();
    }
  }

  @Test
  void filesThatDoNotAgreeAreExitCodeOneAndWriteNothing() throws IOException {
    String other = write("other.safetensors", 10, 1, 2, 3);
    Cli cli = Cli.run("average", a, other, "-o", out);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err().lines()).hasSize(1);
    assertThat(cli.err()).contains("layer.weight F32 [3], not F32 [2]");
    assertThat(Path.of(out)).doesNotExist();
    String counted = write("counted.safetensors", 11, 1, 2);
    assertThat(Cli.run("average", a, counted, "-o", out, "--integers", "equal").err())
        .contains("norm.num_batches_tracked I64 [] differs")
        .contains("(or say --integers last)");
    Path text = Files.writeString(folder.resolve("page.pt"), "<html>not found</html>");
    assertThat(Cli.run("average", a, text.toString(), "-o", out).err())
        .contains("page.pt: must be a file of weights")
        .contains("it is a web page: download the file itself");
  }

  @Test
  void anOutputThatExistsIsKeptUnlessToldOtherwise() throws IOException {
    Files.writeString(Path.of(out), "mine");
    Cli cli = Cli.run("average", a, b, "-o", out);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("exists: name another file, or say --overwrite");
    assertThat(Files.readString(Path.of(out))).isEqualTo("mine");
    Cli same = Cli.run("average", a, b, "-o", b, "--overwrite");
    assertThat(same.code()).isEqualTo(1);
    assertThat(same.err()).contains("must not be one of the files averaged");
  }

  @Test
  void infoListsTheTensors() {
    Cli cli = Cli.run("info", a);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out())
        .contains("safetensors, 3 tensors, 5 values")
        .contains("checksum: crc32c:")
        .containsPattern("float32 +\\[2\\] +layer.weight");
    JsonObject object =
        JsonParser.parseString(Cli.run("info", a, "--json").out()).getAsJsonObject();
    assertThat(object.get("values").getAsLong()).isEqualTo(5);
    assertThat(object.getAsJsonArray("tensors")).hasSize(3);
  }

  @Test
  void neitherLoadsTheEngineAndMemoryStaysSmall() throws IOException, InterruptedException {
    int size = 8 << 20; // two tensors of 32 MB in each file, more than the heap
    for (String name : List.of("large-a", "large-b")) {
      float[] values = new float[size];
      Arrays.fill(values, name.equals("large-a") ? 1 : 2);
      new SafeTensorsWriter()
          .tensor("one", List.of((long) size), List.of(FloatBuffer.wrap(values)))
          .tensor("two", List.of((long) size), List.of(FloatBuffer.wrap(values)))
          .write(folder.resolve(name));
    }
    Path classes = folder.resolve("classes.txt");
    Cli cli =
        Cli.runInNewProcess(
            folder,
            List.of("-Xmx24m", "-Xlog:class+load:file=" + classes),
            "average",
            folder.resolve("large-a").toString(),
            folder.resolve("large-b").toString(),
            "-o",
            out);
    assertThat(cli.code()).as(cli.err()).isZero();
    float[] average = read("two");
    assertThat(average).hasSize(size);
    assertThat(average[size - 1]).isEqualTo(1.5f);
    assertThat(Files.readString(classes))
        .contains("io.github.swag4j.cli.AverageCommand")
        .doesNotContain("ai.djl.");
  }
}
