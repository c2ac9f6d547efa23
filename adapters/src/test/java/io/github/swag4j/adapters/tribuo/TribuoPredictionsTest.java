package io.github.swag4j.adapters.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.Hinge;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.SGD;

/** With models that Tribuo trains. */
class TribuoPredictionsTest {
  private static final MutableDataset<Label> TEST = TribuoModels.test();
  private static final Model<Label> MODEL = TribuoModels.logistic();

  @Test
  void classesAreInTheOrderOfTheirNames() {
    List<Prediction<Label>> predicted = MODEL.predict(TEST);
    Predictions predictions = TribuoPredictions.of(predicted);
    assertThat(predictions.classNames()).containsExactly("cat", "dog", "owl");
    for (int r = 0; r < predictions.rows(); r++) {
      for (int k = 0; k < 3; k++) {
        String name = predictions.classNames().get(k);
        assertThat(predictions.probability(r, k))
            .isEqualTo(predicted.get(r).getOutputScores().get(name).getScore());
      }
      assertThat(predictions.classNames().get(predictions.label(r)))
          .isEqualTo(TEST.getExample(r).getOutput().getLabel());
    }
  }

  @Test
  void theAccuracyIsTribuos() {
    double accuracy = new LabelEvaluator().evaluate(MODEL, TEST).accuracy();
    CalibrationError error = CalibrationError.of(TribuoPredictions.of(MODEL.predict(TEST)));
    Predictions predictions = TribuoPredictions.of(MODEL.predict(TEST));
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
    Predictions own = TribuoPredictions.of(MODEL.predict(TEST), order);
    Predictions byName = TribuoPredictions.of(MODEL.predict(TEST));
    assertThat(own.classNames()).isEqualTo(order);
    assertThat(own.probability(5, 0)).isEqualTo(byName.probability(5, 2));
    assertThat(own.isCorrect(5)).isEqualTo(byName.isCorrect(5));
  }

  @Test
  void scoresThatAreNoProbabilitiesAreRefused() {
    Model<Label> svm =
        new LinearSGDTrainer(new Hinge(), SGD.getLinearDecaySGD(0.1), 2, 1L)
            .train(TribuoModels.data(1, 100, true));
    List<Prediction<Label>> margins = svm.predict(TEST);
    assertThatThrownBy(() -> TribuoPredictions.of(margins))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got scores in row 0")
        .hasMessageContaining("PlattScaling");
  }

  @Test
  void rowsWithoutLabelsHaveNone() {
    assertThat(TribuoPredictions.of(MODEL.predict(TribuoModels.data(3, 5, false))).hasLabels())
        .isFalse();
    List<Prediction<Label>> some = new ArrayList<>(MODEL.predict(TribuoModels.data(3, 5, false)));
    some.add(MODEL.predict(TEST.getExample(0)));
    assertThatThrownBy(() -> TribuoPredictions.of(some))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 5 of 6 without");
  }

  @Test
  void otherClassesAreRefused() {
    List<Prediction<Label>> predicted = MODEL.predict(TEST);
    assertThatThrownBy(() -> TribuoPredictions.of(predicted, List.of("cat", "dog")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 0 must have the classes");
    assertThatThrownBy(() -> TribuoPredictions.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1");
    MutableDataset<Label> other = TribuoModels.data(4, 1, true);
    other.add(new ArrayExample<>(new Label("yak"), new String[] {"x", "y"}, new double[] {1, 1}));
    List<Prediction<Label>> unseen = MODEL.predict(other);
    assertThatThrownBy(() -> TribuoPredictions.of(unseen))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("labels[1] must be a class that the model knows")
        .hasMessageContaining("got yak");
  }
}
