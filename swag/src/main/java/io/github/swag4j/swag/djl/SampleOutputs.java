package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;

/**
 * The outputs of one sample over all data sets, on their way into the {@link SampleFold} that gave
 * it. Used by one thread at a time.
 */
final class SampleOutputs {
  private final SampleFold fold;
  private final int sample;
  private final String drawn;
  private final List<OutputTable> tables;
  private final List<InputChecksums> inputs = new ArrayList<>();

  SampleOutputs(SampleFold fold, int sample, String drawn, List<OutputTable> tables) {
    this.fold = fold;
    this.sample = sample;
    this.drawn = drawn;
    this.tables = tables;
    tables.forEach(t -> inputs.add(new InputChecksums()));
  }

  /**
   * Takes in a batch; refuses what is wrong with it, and ends the prediction if that was asked for.
   *
   * @param dataSet index of the data set
   * @param batch what went into the model
   * @param outputs what came out, not kept
   * @throws IllegalArgumentException if the outputs are not what was said
   * @throws java.io.UncheckedIOException around an InterruptedIOException, if the prediction was
   *     interrupted
   * @throws java.util.concurrent.CancellationException if it was cancelled
   */
  void add(int dataSet, NDList batch, NDArray outputs) {
    OutputTable table = tables.get(dataSet);
    table.add(outputs, batch.head().getShape().get(0));
    inputs.get(dataSet).add(batch);
    fold.batchDone(sample, dataSet, table.rows());
  }

  /**
   * Ends the pass over a data set.
   *
   * @param dataSet index of the data set
   * @throws IllegalArgumentException if its rows are not those of other passes
   */
  void endDataSet(int dataSet) {
    tables.get(dataSet).end();
    fold.requireSameInputs(sample, dataSet, inputs.get(dataSet).text());
  }

  int sample() {
    return sample;
  }

  /** Fingerprint of the weights it was predicted with. */
  String drawn() {
    return drawn;
  }

  OutputTable table(int dataSet) {
    return tables.get(dataSet);
  }
}
