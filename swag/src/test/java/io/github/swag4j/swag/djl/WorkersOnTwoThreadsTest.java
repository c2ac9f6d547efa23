package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.jni.JniUtils;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All other tests have one of the engine's threads, where the order of its sums is the same for
 * every choice of workers. This one starts a program with two.
 */
@Tag("native")
class WorkersOnTwoThreadsTest {
  private static final int ROWS = 48;
  private static final int CLASSES = 3;

  @TempDir private Path folder;

  /**
   * Predicts one at a time, with two workers, and each of it once more; writes the engine's threads
   * before each prediction, and its probabilities, on a line each.
   */
  static final class Program {
    private static final int WIDTH = 16;
    private static final int PIXELS = 3 * WIDTH * WIDTH;

    private Program() {}

    public static void main(String[] arguments) throws IOException {
      List<String> lines = new ArrayList<>();
      try (NDManager manager = NDManager.newBaseManager()) {
        Engine.getInstance().setRandomSeed(5);
        Block block = network(manager);
        SwagPosterior posterior = posterior(ModelWeights.of(block).capture());
        for (Workers workers :
            List.of(Workers.one(), Workers.of(2), Workers.one(), Workers.of(2))) {
          StringBuilder line = new StringBuilder().append(JniUtils.getNumThreads());
          Predictions got =
              BayesianPredictor.of(block, posterior)
                  .samples(6)
                  .seed(8)
                  .refreshBatchNorm(inputs(1))
                  .workers(workers)
                  .predict(inputs(2), null);
          for (int r = 0; r < got.rows(); r++) {
            for (double probability : got.probabilities(r)) {
              line.append(' ').append(probability);
            }
          }
          lines.add(line.toString());
        }
      }
      Files.write(Path.of(arguments[0]), lines);
    }

    /** Layers of more than 32,768 outputs a batch, below which the engine takes one thread. */
    private static Block network(NDManager manager) {
      SequentialBlock layers = new SequentialBlock();
      for (int channels : new int[] {16, 32}) {
        layers
            .add(
                Conv2d.builder()
                    .setKernelShape(new Shape(3, 3))
                    .setFilters(channels)
                    .optPadding(new Shape(1, 1))
                    .build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
      }
      layers.add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(CLASSES).build());
      layers.initialize(manager, DataType.FLOAT32, new Shape(1, 3, WIDTH, WIDTH));
      return layers;
    }

    /** Around half of the weights, for logits of about 1: rounding errors grow with them. */
    private static SwagPosterior posterior(Weights weights) {
      int tensors = weights.layout().tensors().size();
      float[][] mean = new float[tensors][];
      float[][] variance = new float[tensors][];
      for (int t = 0; t < tensors; t++) {
        mean[t] = weights.toArray(t);
        for (int i = 0; i < mean[t].length; i++) {
          mean[t][i] /= 2;
        }
        variance[t] = new float[mean[t].length];
        Arrays.fill(variance[t], 0.003f);
      }
      return new SwagPosterior(
          SwagPosterior.Options.defaults().withRank(0),
          5,
          SwagPosterior.DIAGONAL_SCALE,
          Weights.of(weights.layout(), mean),
          Weights.of(weights.layout(), variance),
          List.of());
    }

    /** Batches of 32 and 16. */
    private static InputBatches inputs(int seed) {
      float[] values = new float[ROWS * PIXELS];
      Random random = new Random(seed);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return (parent, consumer) -> {
        for (int from = 0; from < ROWS; from += 32) {
          int n = Math.min(32, ROWS - from);
          float[] part = Arrays.copyOfRange(values, from * PIXELS, (from + n) * PIXELS);
          try (NDManager own = parent.newSubManager()) {
            consumer.accept(new NDList(own.create(part, new Shape(n, 3, WIDTH, WIDTH))));
          }
        }
      };
    }
  }

  private List<String> linesOfTheProgram() throws Exception {
    Path out = folder.resolve("predictions.txt");
    Path said = folder.resolve("said.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dai.djl.offline=true",
            "-Dai.djl.pytorch.num_threads=2",
            "-Dai.djl.pytorch.num_interop_threads=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Program.class.getName(),
            out.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("OMP_"));
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    builder.redirectErrorStream(true).redirectOutput(said.toFile());
    Process process = builder.start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("ended in 60 s, having said %s", Files.readString(said)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    return Files.readAllLines(out);
  }

  @Test
  void eachChoiceGivesItsBitsAgainAndTwoChoicesAgreeInSixDigits() throws Exception {
    List<String> lines = linesOfTheProgram();
    assertThat(lines).hasSize(4).allMatch(line -> line.startsWith("2 "));
    assertThat(lines.get(2)).as("one at a time on two threads, again").isEqualTo(lines.get(0));
    assertThat(lines.get(3)).as("two workers, again").isEqualTo(lines.get(1));
    double[] one = numbers(lines.get(0));
    double[] two = numbers(lines.get(1));
    assertThat(one).hasSize(1 + ROWS * CLASSES);
    assertThat(two).hasSameSizeAs(one);
    for (int i = 0; i < one.length; i++) {
      assertThat(two[i]).isCloseTo(one[i], within(1e-6));
    }
    // Rows differ, so that the network says something of them.
    assertThat(Math.abs(one[1] - one[1 + CLASSES])).isGreaterThan(1e-3);
  }

  private static double[] numbers(String line) {
    return Arrays.stream(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }
}
