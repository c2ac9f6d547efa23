package io.github.swag4j.spark.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A network on 2 x 6 x 6 inputs, its posterior, and rows. */
final class SmallNetwork {
  static final long[] SHAPE = {2, 6, 6};
  static final int SIZE = 72;
  static final int CLASSES = 10;
  static final int SAMPLES = 4;
  static final long SEED = 7;

  private SmallNetwork() {}

  /** With batch normalisation, or without; always with the same names. */
  static ModelSource source(boolean batchNorm) {
    return () -> model(batchNorm);
  }

  static Model model(boolean batchNorm) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(6).build());
    if (batchNorm) {
      block.add(BatchNorm.builder().build());
    }
    block
        .add(Activation::relu)
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(CLASSES).build());
    Model model = Model.newInstance("small", Device.cpu(), "PyTorch");
    model.setBlock(block);
    block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 2, 6, 6));
    return model;
  }

  /** Writes a posterior around random weights, with statistics of its samples. */
  static Path posterior(Path file, boolean batchNorm) throws IOException {
    Engine.getEngine("PyTorch").setRandomSeed(5);
    try (Model model = model(batchNorm)) {
      SwagPosterior posterior = around(model.getBlock());
      if (!batchNorm) {
        PosteriorFiles.write(file, posterior);
        return file;
      }
      float[] training = inputs(64, 1);
      InputBatches batches = new InputShape("x", SHAPE, 32, InputShape.PIECE).batches(training, 64);
      List<Weights> statistics =
          BayesianPredictor.of(model, posterior)
              .samples(SAMPLES)
              .seed(SEED)
              .refreshBatchNorm(batches)
              .predictAll(List.of())
              .statistics();
      PosteriorFiles.write(
          file, posterior, Provenance.unknown(), new SampleStatistics(SEED, 0, statistics));
      return file;
    }
  }

  /** A posterior around a block's weights. */
  static SwagPosterior around(Block block) {
    return posterior(ModelWeights.of(block).capture());
  }

  private static SwagPosterior posterior(Weights around) {
    WeightLayout layout = around.layout();
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs(), SwagPosterior.Options.defaults());
    Random random = new Random(3);
    for (int iterate = 0; iterate < 5; iterate++) {
      float[][] values = new float[layout.tensors().size()][];
      for (int t = 0; t < layout.tensors().size(); t++) {
        float[] tensor = new float[layout.tensor(t).size()];
        around.values(t).get(tensor);
        for (int i = 0; i < tensor.length; i++) {
          tensor[i] += (float) (0.3 * random.nextGaussian());
        }
        values[t] = tensor;
      }
      collector.collect(Weights.of(layout, values));
    }
    return collector.posterior();
  }

  static float[] inputs(int rows, long seed) {
    Random random = new Random(seed);
    float[] inputs = new float[rows * SIZE];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    return inputs;
  }

  /** The inputs as they are, the last batch as short as it is. */
  static InputBatches plain(float[] inputs, int batch) {
    return (manager, consumer) -> {
      int rows = inputs.length / SIZE;
      for (int from = 0; from < rows; from += batch) {
        int to = Math.min(rows, from + batch);
        float[] values = Arrays.copyOfRange(inputs, from * SIZE, to * SIZE);
        try (var own = manager.newSubManager()) {
          consumer.accept(new NDList(own.create(values, new Shape(to - from, 2, 6, 6))));
        }
      }
    };
  }

  static StructType schema() {
    return new StructType(
        new StructField[] {
          DataTypes.createStructField("row", DataTypes.IntegerType, false),
          DataTypes.createStructField("label", DataTypes.IntegerType, false),
          DataTypes.createStructField(
              "x", DataTypes.createArrayType(DataTypes.FloatType, true), true),
        });
  }

  static List<Row> rows(float[] inputs) {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < inputs.length / SIZE; row++) {
      Float[] x = new Float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        x[i] = inputs[row * SIZE + i];
      }
      rows.add(RowFactory.create(row, row % CLASSES, x));
    }
    return rows;
  }

  /** One machine, without Spark. */
  static Predictions predicted(Path file, boolean batchNorm, float[] inputs) throws IOException {
    PosteriorFile read = PosteriorFiles.open(file);
    try (Model model = model(batchNorm)) {
      BayesianPredictor predictor =
          BayesianPredictor.of(model, read.posterior()).samples(SAMPLES).seed(SEED);
      if (batchNorm) {
        predictor = predictor.batchNormStatistics(read.statistics().orElseThrow().samples());
      }
      return predictor.predict(plain(inputs, 32), null);
    }
  }

  /** Answers in any order, known by the column {@code row}, are those. */
  static void assertSameBits(List<Row> answered, Predictions expected) {
    assertThat(answered).hasSize(expected.rows());
    List<Row> ordered =
        answered.stream().sorted(Comparator.comparingInt(r -> r.getInt(0))).toList();
    for (int row = 0; row < ordered.size(); row++) {
      Row answer = ordered.get(row);
      assertThat(answer.getInt(0)).isEqualTo(row);
      List<Double> probabilities = answer.getList(answer.fieldIndex("probability"));
      for (int k = 0; k < expected.classes(); k++) {
        assertThat(probabilities.get(k)).isEqualTo(expected.probability(row, k));
      }
      double entropy = answer.getAs("entropy");
      double within = answer.getAs("expected_entropy");
      double mutual = answer.getAs("mutual_information");
      assertThat(entropy).isEqualTo(expected.entropy(row));
      assertThat(within).isEqualTo(expected.expectedEntropy(row));
      assertThat(mutual).isEqualTo(Math.max(0, entropy - within));
    }
  }
}
