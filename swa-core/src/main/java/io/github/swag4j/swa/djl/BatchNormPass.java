package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One pass over the data: batches in, moments in the layers. */
final class BatchNormPass {
  private final List<BatchNormLayer> layers;
  private final BatchStatisticsForward forward;
  private final BatchNormRefresh.Weighting weighting;
  private final RefreshWarnings warnings;
  private final Map<List<Shape>, long[]> counts = new HashMap<>();
  private long rows;
  private long leftOut;
  private boolean started;

  BatchNormPass(
      List<BatchNormLayer> layers,
      BatchStatisticsForward forward,
      BatchNormRefresh.Weighting weighting,
      RefreshWarnings warnings) {
    this.layers = layers;
    this.forward = forward;
    this.weighting = weighting;
    this.warnings = warnings;
  }

  /** Rows taken in. */
  long rows() {
    return rows;
  }

  /** Batches left out because a layer would get a single value of them. */
  long leftOut() {
    return leftOut;
  }

  void take(NDManager manager, NDList batch) {
    long batchRows = batch.head().getShape().get(0);
    EngineFailures.requireFinite(batch, rows);
    long[] values = counts(manager, batch, batchRows);
    if (Arrays.stream(values).anyMatch(n -> n < 2)) {
      leftOut++;
      warnings.singleRow();
      return;
    }
    if (!started) {
      first(manager, batch, batchRows);
    }
    layers.forEach(BatchNormLayer::ask);
    run(manager, batch, batchRows);
    for (int i = 0; i < values.length; i++) {
      BatchNormLayer layer = layers.get(i);
      if (!started) {
        layer.requireSameAsFirst();
      }
      if (weighting == BatchNormRefresh.Weighting.POOLED) {
        layer.pool(values[i]);
      } else {
        layer.average(values[i]);
      }
    }
    started = true;
    rows += batchRows;
  }

  /** Every layer is read before any takes over: a failure leaves none half known. */
  private void first(NDManager manager, NDList batch, long batchRows) {
    layers.forEach(BatchNormLayer::askFirst);
    run(manager, batch, batchRows);
    double[] read = layers.stream().mapToDouble(BatchNormLayer::readFirst).toArray();
    for (int i = 0; i < read.length; i++) {
      layers.get(i).commit(read[i]);
      layers.get(i).rememberFirst();
    }
  }

  private void run(NDManager manager, NDList batch, long batchRows) {
    var reads = forward.run(manager, batch);
    layers.forEach(layer -> layer.requireRanOnce(reads, batchRows));
  }

  private long[] counts(NDManager manager, NDList batch, long batchRows) {
    List<Shape> shapes = batch.stream().map(NDArray::getShape).toList();
    long[] known = counts.get(shapes);
    return known != null ? known : countNow(manager, batch, batchRows, shapes);
  }

  private long[] countNow(NDManager manager, NDList batch, long batchRows, List<Shape> shapes) {
    boolean asks = false;
    for (BatchNormLayer layer : layers) {
      if (layer instanceof ScriptBatchNorm script) {
        script.askCount();
        asks = true;
      }
    }
    long[] found = new long[layers.size()];
    for (int i = 0; i < found.length; i++) {
      if (layers.get(i) instanceof EngineBatchNorm engine) {
        found[i] = engine.count(batchRows);
      }
    }
    if (Arrays.stream(found).anyMatch(n -> n == 1)) {
      return found;
    }
    if (asks) {
      var reads = forward.run(manager, batch);
      for (int i = 0; i < found.length; i++) {
        if (layers.get(i) instanceof ScriptBatchNorm script) {
          script.requireRanOnce(reads, batchRows);
          found[i] = script.readCount();
        }
      }
    }
    counts.put(shapes, found);
    return found;
  }
}
