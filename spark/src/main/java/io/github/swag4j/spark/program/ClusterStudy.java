package io.github.swag4j.spark.program;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * The jobs of a study, each a task: what an executor that was lost had begun is begun again, and
 * goes on with the checkpoints in the study's folder.
 */
final class ClusterStudy {
  private ClusterStudy() {}

  /** Does all of them; each is told when it is done, whatever came of it. */
  static void run(SparkSession session, Request request, Consumer<StudyJob.Done> told) {
    List<StudyJob> jobs = new ArrayList<>();
    List<String> logs = request.words("log");
    for (int j = 0; j < logs.size(); j++) {
      List<List<String>> steps = new ArrayList<>();
      for (int s = 0; !request.words("job." + j + "." + s).isEmpty(); s++) {
        steps.add(request.words("job." + j + "." + s));
      }
      jobs.add(
          new StudyJob(
              j,
              steps,
              logs.get(j),
              request.words("flag"),
              request.words("jar"),
              request.word("folder")));
    }
    RDD<StudyJob> each =
        JavaSparkContext.fromSparkContext(session.sparkContext())
            .parallelize(jobs, jobs.size())
            .rdd();
    session
        .sparkContext()
        .runJob(
            each,
            new Performed(),
            new AbstractFunction2<Object, StudyJob.Done, BoxedUnit>() {
              @Override
              public BoxedUnit apply(Object task, StudyJob.Done done) {
                told.accept(done);
                return BoxedUnit.UNIT;
              }
            },
            ClassTag$.MODULE$.apply(StudyJob.Done.class));
  }

  /** Does the one job of a task. */
  private static final class Performed extends AbstractFunction1<Iterator<StudyJob>, StudyJob.Done>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public StudyJob.Done apply(Iterator<StudyJob> jobs) {
      try {
        return jobs.next().run();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the task was cancelled", e);
      }
    }
  }
}
