package io.github.swag4j.calibration.io.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Parts of a file, read by all threads of the common pool. Fails as one thread would that reads
 * them in order: with the failure of the first part that fails.
 */
public final class OrderedWork {
  private OrderedWork() {}

  /** What one thread does, again and again. */
  public interface Worker {
    /**
     * Takes the next part that no worker has taken.
     *
     * @return its number, greater than those taken before; -1 if there is none
     */
    long take() throws IOException;

    /** Works on the part taken. */
    void work() throws IOException;
  }

  /** A failure and the part that it happened in. */
  private record Failure(long part, Throwable cause) {}

  /**
   * Reads all parts.
   *
   * @param parts about how many there are: one does not trouble other threads
   * @param worker makes the worker of one thread
   * @return the workers, each of which has read some of the parts
   */
  public static <W extends Worker> List<W> run(long parts, Supplier<W> worker) throws IOException {
    long threads = Math.min(parts, ForkJoinPool.getCommonPoolParallelism() + 1L);
    AtomicReference<Failure> failure = new AtomicReference<>();
    List<W> workers = new ArrayList<>();
    for (int i = 0; i < Math.max(1, threads); i++) {
      workers.add(worker.get());
    }
    List<ForkJoinTask<?>> tasks = new ArrayList<>();
    for (W other : workers.subList(1, workers.size())) {
      tasks.add(ForkJoinTask.adapt(() -> readAll(other, failure)).fork());
    }
    readAll(workers.get(0), failure);
    tasks.forEach(ForkJoinTask::quietlyJoin); // the file must stay open until they have ended
    if (failure.get() != null) {
      rethrow(failure.get().cause());
    }
    return workers;
  }

  /** Parts are taken in order: after a failure only such are left as come after it. */
  private static void readAll(Worker worker, AtomicReference<Failure> failure) {
    long at = Long.MAX_VALUE;
    try {
      while (failure.get() == null) {
        at = Long.MAX_VALUE; // a part that cannot be taken comes after all that were
        long part = worker.take();
        if (part < 0) {
          return;
        }
        at = part;
        worker.work();
      }
    } catch (IOException | RuntimeException | Error e) {
      failure.accumulateAndGet(
          new Failure(at, e), (old, now) -> old == null || now.part() < old.part() ? now : old);
    }
  }

  private static void rethrow(Throwable cause) throws IOException {
    if (cause instanceof IOException e) {
      throw e;
    }
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    throw (Error) cause;
  }
}
