package io.github.swag4j.spark.djl;

import ai.djl.Model;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.EngineThreads;
import io.github.swag4j.swag.djl.BayesianPredictor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The rows of a partition with their answers, some thousand at a time. */
final class AnsweredRows implements Iterator<Row>, AutoCloseable {
  private final Model model;
  private final BayesianPredictor predictor;
  private final Iterator<Row> rows;
  private final int column;
  private final InputShape input;
  private final float[] inputs;
  private final List<Row> taken = new ArrayList<>();
  private Predictions answers;
  private int next;

  private AnsweredRows(
      Model model, BayesianPredictor predictor, Iterator<Row> rows, int column, InputShape input) {
    this.model = model;
    this.predictor = predictor;
    this.rows = rows;
    this.column = column;
    this.input = input;
    this.inputs = new float[input.rows() * input.size()];
  }

  static AnsweredRows open(SharedPlan plan, Iterator<Row> rows, int column, InputShape input)
      throws IOException {
    Model model = plan.model().open();
    try {
      BayesianPredictor predictor = plan.predictor(model.getBlock());
      return new AnsweredRows(model, predictor, rows, column, input);
    } catch (IOException | RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  @Override
  public boolean hasNext() {
    return next < taken.size() || rows.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all rows of the partition are answered");
    }
    if (next == taken.size()) {
      predict();
    }
    Row row = taken.get(next);
    int width = row.size();
    Object[] values = new Object[width + 4];
    for (int i = 0; i < width; i++) {
      values[i] = row.get(i);
    }
    double entropy = answers.entropy(next);
    double expected = answers.expectedEntropy(next);
    values[width] = answers.probabilities(next);
    values[width + 1] = entropy;
    values[width + 2] = expected;
    values[width + 3] = Math.max(0, entropy - expected);
    next++;
    return RowFactory.create(values);
  }

  private void predict() {
    taken.clear();
    next = 0;
    while (taken.size() < input.rows() && rows.hasNext()) {
      Row row = rows.next();
      input.put(row.isNullAt(column) ? null : row.getList(column), inputs, taken.size());
      taken.add(row);
    }
    // A core is a task's: as many threads as tasks, not as tasks times cores.
    EngineThreads.Kept kept = EngineThreads.keep();
    try {
      EngineThreads.one();
      answers = predictor.predict(input.batches(inputs, taken.size()), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      kept.close();
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
