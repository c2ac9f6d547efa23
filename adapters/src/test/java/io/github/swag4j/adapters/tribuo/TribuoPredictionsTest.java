package io.github.swag4j.adapters.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.linear.LogisticRegressionTrainer;
import org.tribuo.classification.sgd.objectives.Hinge;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.SGD;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** With models that Tribuo trains. */
class TribuoPredictionsTest {
  /** Owls come most often, so that Tribuo numbers them first. */
  private static final List<String> DRAWN = List.of("owl", "owl", "owl", "dog", "dog", "cat");

  private static final LabelFactory LABELS = new LabelFactory();
  private static MutableDataset<Label> test;
  private static Model<Label> model;

  private static MutableDataset<Label> data(int seed, int rows, boolean labelled) {
    MutableDataset<Label> data =
        new MutableDataset<>(
            new SimpleDataSourceProvenance(
                "drawn", OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC), LABELS),
            LABELS);
    Random random = new Random(seed);
    for (int r = 0; r < rows; r++) {
      String label = DRAWN.get(random.nextInt(DRAWN.size()));
      double x = random.nextGaussian() + (label.equals("owl") ? 2 : label.equals("dog") ? -2 : 0);
      double y = random.nextGaussian() + (label.equals("cat") ? 2 : 0);
      Label known = labelled ? new Label(label) : LabelFactory.UNKNOWN_LABEL;
      data.add(new ArrayExample<>(known, new String[] {"x", "y"}, new double[] {x, y}));
    }
    return data;
  }

  @BeforeAll
  static void train() {
    model = new LogisticRegressionTrainer().train(data(1, 400, true));
    test = data(2, 300, true);
  }

  @Test
  void classesAreInTheOrderOfTheirNames() {
    List<Prediction<Label>> predicted = model.predict(test);
    Predictions predictions = TribuoPredictions.of(predicted);
    assertThat(predictions.classNames()).containsExactly("cat", "dog", "owl");
    for (int r = 0; r < predictions.rows(); r++) {
      for (int k = 0; k < 3; k++) {
        String name = predictions.classNames().get(k);
        assertThat(predictions.probability(r, k))
            .isEqualTo(predicted.get(r).getOutputScores().get(name).getScore());
      }
      assertThat(predictions.classNames().get(predictions.label(r)))
          .isEqualTo(test.getExample(r).getOutput().getLabel());
    }
  }

  @Test
  void theAccuracyIsTribuos() {
    double accuracy = new LabelEvaluator().evaluate(model, test).accuracy();
    CalibrationError error = CalibrationError.of(TribuoPredictions.of(model.predict(test)));
    Predictions predictions = TribuoPredictions.of(model.predict(test));
    long right = 0;
    for (int r = 0; r < predictions.rows(); r++) {
      right += predictions.isCorrect(r) ? 1 : 0;
    }
    assertThat((double) right / predictions.rows()).isEqualTo(accuracy);
    assertThat(error.ece()).isBetween(0.0, 0.2);
  }

  @Test
  void anOrderOfOnesOwnIsKept() {
    List<String> order = List.of("owl", "cat", "dog");
    Predictions own = TribuoPredictions.of(model.predict(test), order);
    Predictions byName = TribuoPredictions.of(model.predict(test));
    assertThat(own.classNames()).isEqualTo(order);
    assertThat(own.probability(5, 0)).isEqualTo(byName.probability(5, 2));
    assertThat(own.isCorrect(5)).isEqualTo(byName.isCorrect(5));
  }

  @Test
  void scoresThatAreNoProbabilitiesAreRefused() {
    Model<Label> svm =
        new LinearSGDTrainer(new Hinge(), SGD.getLinearDecaySGD(0.1), 2, 1L)
            .train(data(1, 100, true));
    List<Prediction<Label>> margins = svm.predict(test);
    assertThatThrownBy(() -> TribuoPredictions.of(margins))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got scores in row 0")
        .hasMessageContaining("PlattScaling");
  }

  @Test
  void rowsWithoutLabelsHaveNone() {
    assertThat(TribuoPredictions.of(model.predict(data(3, 5, false))).hasLabels()).isFalse();
    List<Prediction<Label>> some = new ArrayList<>(model.predict(data(3, 5, false)));
    some.add(model.predict(test.getExample(0)));
    assertThatThrownBy(() -> TribuoPredictions.of(some))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 5 of 6 without");
  }

  @Test
  void otherClassesAreRefused() {
    List<Prediction<Label>> predicted = model.predict(test);
    assertThatThrownBy(() -> TribuoPredictions.of(predicted, List.of("cat", "dog")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 0 must have the classes");
    assertThatThrownBy(() -> TribuoPredictions.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1");
    MutableDataset<Label> other = data(4, 1, true);
    other.add(new ArrayExample<>(new Label("yak"), new String[] {"x", "y"}, new double[] {1, 1}));
    List<Prediction<Label>> unseen = model.predict(other);
    assertThatThrownBy(() -> TribuoPredictions.of(unseen))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("labels[1] must be a class that the model knows")
        .hasMessageContaining("got yak");
  }
}
