package io.github.swag4j.spark.djl;

import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** What a task does with its partition: the network is its own, the plan its executor's. */
final class PartitionPrediction implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1;

  private final Broadcast<SharedPlan> plan;
  private final int column;
  private final InputShape input;

  PartitionPrediction(Broadcast<SharedPlan> plan, int column, InputShape input) {
    this.plan = plan;
    this.column = column;
    this.input = input;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) throws IOException {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    AnsweredRows answered = AnsweredRows.open(plan.value(), rows, column, input);
    TaskCompletionListener close = context -> answered.close();
    TaskContext.get().addTaskCompletionListener(close);
    return answered;
  }
}
