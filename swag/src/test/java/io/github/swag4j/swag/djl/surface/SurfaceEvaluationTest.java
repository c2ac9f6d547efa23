package io.github.swag4j.swag.djl.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.surface.PlanePlace;
import io.github.swag4j.swa.surface.SurfaceGrid;
import io.github.swag4j.swa.surface.WeightPlane;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.DatasetLogLikelihood;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Points of a surface are what the network gives there, and survive an interruption. */
class SurfaceEvaluationTest {
  private static final int ROWS = 40;
  private static final Map<String, String> FACTS = Map.of("weights", "abc", "grid", "5 x 5");

  @TempDir private Path folder;
  private NDManager manager;
  private Block block;
  private float[][] rows;
  private int[] labels;
  private Weights[] vectors;
  private WeightPlane plane;
  private SurfaceGrid grid;

  @BeforeEach
  void makeModel() {
    manager = NDManager.newBaseManager();
    Engine.getInstance().setRandomSeed(5);
    block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(6).build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    Random random = new Random(9);
    rows = new float[ROWS][4];
    labels = new int[ROWS];
    for (int r = 0; r < ROWS; r++) {
      for (int i = 0; i < 4; i++) {
        rows[r][i] = (float) random.nextGaussian();
      }
      labels[r] = rows[r][0] > 0 ? 1 : rows[r][1] > 0 ? 2 : 0;
    }
    vectors = new Weights[] {random(1), random(2), random(3)};
    plane = WeightPlane.through(vectors[0], vectors[1], vectors[2]);
    List<PlanePlace> corners = Arrays.stream(vectors).map(plane::project).toList();
    grid = SurfaceGrid.around(corners, 0.2, 5);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Weights random(long seed) {
    Random random = new Random(seed);
    ModelWeights model = ModelWeights.of(block);
    float[][] values = new float[model.layout().tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[model.layout().tensor(t).size()];
      for (int i = 0; i < values[t].length; i++) {
        values[t][i] = (float) (0.2 + random.nextGaussian());
      }
    }
    return Weights.of(model.layout(), values);
  }

  private InputBatches batches() {
    return (parent, consumer) -> {
      for (int from = 0; from < ROWS; from += 16) {
        int to = Math.min(from + 16, ROWS);
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.create(Arrays.copyOfRange(rows, from, to))));
        }
      }
    };
  }

  private SurfaceEvaluation evaluation() {
    LabelledInputs all = new LabelledInputs(batches(), labels);
    return SurfaceEvaluation.of(block, all, all);
  }

  private Weights at(int i) {
    return i < 3
        ? vectors[i]
        : plane.at(grid.x((i - 3) % grid.columns()), grid.y((i - 3) / grid.columns()));
  }

  private List<SurfacePoint> all(SurfaceEvaluation evaluation) throws IOException {
    return evaluation.evaluate(3 + grid.size(), this::at);
  }

  @Test
  void thePointsAreWhatTheNetworkGivesThereAndTheLiveModelStays() throws IOException {
    Weights before = ModelWeights.of(block).capture();
    Weights statisticsBefore = ModelWeights.statistics(block).capture();
    PlanePlace[] places = Arrays.stream(vectors).map(plane::project).toArray(PlanePlace[]::new);
    List<SurfacePoint> points =
        evaluation()
            .evaluate(6, i -> i < 3 ? vectors[i] : plane.at(places[i - 3].x(), places[i - 3].y()));
    assertThat(ModelWeights.of(block).capture()).isEqualTo(before);
    assertThat(ModelWeights.statistics(block).capture()).isEqualTo(statisticsBefore);
    DatasetLogLikelihood direct =
        DatasetLogLikelihood.classification(block, batches(), labels).refreshBatchNorm(batches());
    for (int i = 0; i < 3; i++) {
      double loss = -direct.at(vectors[i]) / ROWS;
      assertThat(points.get(i).trainLoss()).isCloseTo(loss, within(1e-6));
      assertThat(points.get(i + 3).trainLoss()).isCloseTo(loss, within(1e-6));
      assertThat(points.get(i).testLoss()).isEqualTo(points.get(i).trainLoss());
      assertThat(points.get(i).trainError() * ROWS).isBetween(1.0, (double) ROWS);
      assertThat(points.get(i).isHole()).isFalse();
    }
    SurfacePoint first = points.get(0);
    double norm = 0;
    for (int t = 0; t < vectors[0].layout().tensors().size(); t++) {
      for (float w : vectors[0].toArray(t)) {
        norm += (double) w * w;
      }
    }
    assertThat(first.negativeLogPosterior(1000, 0.01))
        .isCloseTo(1000 * first.trainLoss() + 5 * norm, within(1e-6));
  }

  @Test
  void oneAndTwoWorkersGiveTheSameBits() throws IOException {
    assertThat(all(evaluation().workers(2))).isEqualTo(all(evaluation()));
  }

  @Test
  void anInterruptedSurfaceGoesOnToTheSameBits() throws IOException {
    Path file = folder.resolve("surfaces/plane.points");
    List<SurfacePoint> whole = all(evaluation());
    SurfaceEvaluation saved = evaluation().checkpoint(file, FACTS);
    assertThatThrownBy(
            () ->
                all(
                    saved.onPoint(
                        done -> {
                          if (done == 11) {
                            throw new IllegalStateException("cut");
                          }
                        })))
        .hasMessage("cut");
    int[] calls = new int[2];
    List<SurfacePoint> resumed =
        saved
            .onPoint(done -> calls[0] += calls[0] == 0 ? done : 0)
            .evaluate(
                3 + grid.size(),
                i -> {
                  calls[1]++;
                  return at(i);
                });
    assertThat(resumed).isEqualTo(whole);
    assertThat(calls).containsExactly(11, 3 + grid.size() - 11);
    // All are there now.
    assertThat(
            saved.evaluate(
                3 + grid.size(),
                i -> {
                  throw new IOException("point " + i + " must be known");
                }))
        .isEqualTo(whole);
  }

  @Test
  void pointsOfAnotherSurfaceOrDamagedOnesAreRefused() throws IOException {
    Path file = folder.resolve("plane.points");
    all(evaluation().checkpoint(file, FACTS));
    assertThatThrownBy(
            () -> all(evaluation().checkpoint(file, Map.of("weights", "xyz", "grid", "5 x 5"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("begun with weights abc, got xyz");
    assertThatThrownBy(() -> evaluation().checkpoint(file, FACTS).evaluate(4, this::at))
        .hasMessageContaining("begun with 28 points, got 4");
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("point\t1\t", "point\t2\t"));
    assertThatThrownBy(() -> all(evaluation().checkpoint(file, FACTS)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged");
    Files.writeString(file, text.substring(0, text.length() / 2));
    assertThatThrownBy(() -> all(evaluation().checkpoint(file, FACTS)))
        .hasMessageContaining("damaged");
  }

  @Test
  void whereNothingIsFiniteIsAHoleThatIsReadBackAsOne() throws IOException {
    Path file = folder.resolve("holes.points");
    WeightPoints far = i -> plane.at(i == 0 ? 0 : i == 1 ? 1e30 : 1e39, 0);
    SurfaceEvaluation saved = evaluation().checkpoint(file, FACTS);
    List<SurfacePoint> points = saved.evaluate(3, far);
    assertThat(points).extracting(SurfacePoint::isHole).containsExactly(false, true, true);
    assertThat(points.get(1).trainError()).isNaN();
    assertThat(points.get(2).testLoss()).isNaN();
    assertThat(saved.evaluate(3, far)).isEqualTo(points);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    LabelledInputs all = new LabelledInputs(batches(), labels);
    LabelledInputs few = new LabelledInputs(batches(), new int[ROWS - 1]);
    int[] outside = labels.clone();
    outside[7] = 3;
    assertThatThrownBy(() -> SurfaceEvaluation.of(block, few, all).evaluate(1, i -> vectors[0]))
        .hasMessageContaining("39 for 40 rows");
    assertThatThrownBy(
            () ->
                SurfaceEvaluation.of(block, all, new LabelledInputs(batches(), outside))
                    .evaluate(1, i -> vectors[0]))
        .hasMessageContaining("labels[7] must be a class index below 3, got 3");
    assertThatThrownBy(() -> evaluation().workers(0)).hasMessageContaining("workers");
    assertThatThrownBy(() -> evaluation().evaluate(0, i -> vectors[0]))
        .hasMessageContaining("at least 1 point");
  }
}
