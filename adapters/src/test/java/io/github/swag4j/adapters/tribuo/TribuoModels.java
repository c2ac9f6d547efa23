package io.github.swag4j.adapters.tribuo;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LogisticRegressionTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** Cats, dogs and owls in the plane, and a model of them. */
public final class TribuoModels {
  /** Owls come most often, so that Tribuo numbers them first. */
  private static final List<String> DRAWN = List.of("owl", "owl", "owl", "dog", "dog", "cat");

  private static final LabelFactory LABELS = new LabelFactory();

  private TribuoModels() {}

  static MutableDataset<Label> data(int seed, int rows, boolean labelled) {
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

  /** A logistic regression. */
  public static Model<Label> logistic() {
    return new LogisticRegressionTrainer().train(data(1, 400, true));
  }

  /** Rows that it was not trained on. */
  public static MutableDataset<Label> test() {
    return data(2, 300, true);
  }
}
