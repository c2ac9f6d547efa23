package io.github.swag4j.swag;

import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Equal probability on each member of an ensemble: sample i is member i, whatever the seed.
 *
 * @param ensemble the members
 */
record SnapshotPosterior(SnapshotEnsemble ensemble) implements WeightPosterior {

  @Override
  public WeightLayout layout() {
    return ensemble.layout();
  }

  @Override
  public Weights mean() {
    try {
      return ensemble.average();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Weights sample(long seed, int index) {
    if (index < 0 || index >= ensemble.size()) {
      throw new IllegalArgumentException(
          "sample index must be at least 0 and below the "
              + ensemble.size()
              + " snapshots there are, got "
              + index
              + ": take "
              + ensemble.size()
              + " samples");
    }
    try {
      return ensemble.weights(index);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int mostSamples() {
    return ensemble.size();
  }

  @Override
  public boolean isPoint() {
    return ensemble.size() == 1;
  }
}
