package io.github.swag4j.cli.run;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.vision.ImageBatches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Batch-norm statistics of a finished run: those it has stored, and for methods or samples it has
 * none of those that its training rows give.
 */
public final class StoredStatistics implements Experiment.Statistics {
  private final Path file;
  private final WeightLayout layout;
  private final Map<Method, List<Weights>> stored = new EnumMap<>(Method.class);
  private Weights ofSgd;
  private ImageBatches training;

  /**
   * Those of a run.
   *
   * @param layout of the model's statistics
   */
  public StoredStatistics(RunDirectory run, WeightLayout layout) {
    this.file = run.checkpoint("batch-norm");
    this.layout = layout;
  }

  /** Reads what there is for so many samples. */
  public void read(MethodPosteriors posteriors, List<Method> methods, int samples, int members)
      throws IOException {
    ofSgd = BatchNormFiles.read(file, layout, Method.SGD.id(), 1).map(s -> s.get(0)).orElse(null);
    for (Method method : methods) {
      if (method.hasStatisticsOfSgd()) {
        Optional<List<Weights>> own = BatchNormFiles.read(file, layout, method.id(), 1);
        if (ofSgd == null && own.isPresent()) {
          ofSgd = own.get().get(0);
        }
      } else {
        int count = posteriors.samples(method, samples, members);
        BatchNormFiles.read(file, layout, method.id(), count)
            .ifPresent(found -> stored.put(method, found));
      }
    }
  }

  /** Whether no training rows are needed for these methods. */
  public boolean have(List<Method> methods) {
    return methods.stream()
        .allMatch(m -> m.hasStatisticsOfSgd() ? ofSgd != null : stored.containsKey(m));
  }

  /** Gives the rows for what is missing. */
  public void refresh(Experiment experiment, MethodPosteriors posteriors, ImageBatches rows)
      throws IOException {
    training = rows;
    if (ofSgd == null && posteriors.sgd() != null) {
      ofSgd = experiment.statisticsOf(posteriors.sgd(), rows);
    }
  }

  /** Those of a method's samples; none if there are none of so many as were asked for. */
  public List<Weights> of(Method method) {
    return stored.getOrDefault(method, List.of());
  }

  /** Those of the weights of plain SGD. */
  public Weights ofSgd() {
    return ofSgd;
  }

  @Override
  public BayesianPredictor on(Method method, int samples, BayesianPredictor predictor) {
    if (method.hasStatisticsOfSgd()) {
      return predictor.batchNormStatistics(Collections.nCopies(samples, ofSgd));
    }
    return stored.containsKey(method)
        ? predictor.batchNormStatistics(stored.get(method))
        : predictor.refreshBatchNorm(training);
  }
}
