package io.github.swag4j.swag.djl.surface;

import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.EngineThreads;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.Replica;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Threads that evaluate points at the same time, each in a replica of the model on one of the
 * engine's threads. The first failure ends all; what was evaluated is saved then, too.
 */
final class SurfaceWorkers {
  private static final long SAVE_NANOS = 1_000_000_000L;

  private final SurfaceEvaluation.Settings settings;
  private final WeightPoints points;
  private final WeightLayout layout;
  private final SurfacePoint[] done;
  private final SurfaceFile file;
  private final LogitEvidence evidence = LogitEvidence.ofBareModel();
  private int next;
  private int finished;
  private boolean unsaved;
  private long saved = System.nanoTime();
  private Throwable failure;

  SurfaceWorkers(
      SurfaceEvaluation.Settings settings,
      WeightPoints points,
      WeightLayout layout,
      SurfacePoint[] known,
      SurfaceFile file) {
    this.settings = settings;
    this.points = points;
    this.layout = layout;
    this.done = known.clone();
    this.file = file;
    for (SurfacePoint point : known) {
      finished += point == null ? 0 : 1;
    }
  }

  /** Evaluates what is not known yet. */
  SurfacePoint[] run() throws IOException {
    settings.listener().accept(finished);
    if (finished < done.length) {
      runReplicas(Math.min(settings.workers(), done.length - finished));
    }
    return done;
  }

  private void runReplicas(int count) throws IOException {
    List<Replica> replicas = new ArrayList<>();
    try {
      for (int w = 0; w < count; w++) {
        replicas.add(Replica.of(settings.block()));
      }
      requireRefreshable(replicas.get(0));
      runAll(replicas);
    } finally {
      replicas.forEach(Replica::close);
    }
    saveAll();
    rethrow();
  }

  /**
   * With the model's own weights the statistics must come out: what is refused at a point after
   * that, of the same rows, is refused for weights whose values overflow.
   */
  private void requireRefreshable(Replica replica) throws IOException {
    BatchNormRefresh refresh = replica.refresh(BatchNormRefresh.Weighting.POOLED);
    if (refresh.isNeeded()) {
      refresh.refresh(settings.batchNorm());
    }
  }

  private void runAll(List<Replica> replicas) {
    EngineThreads.Kept kept = EngineThreads.keep();
    List<Thread> threads = new ArrayList<>();
    try {
      for (Replica replica : replicas) {
        Thread thread = new Thread(() -> work(replica), "swag4j-surface-" + threads.size());
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
      threads.forEach(this::join);
    } finally {
      kept.close();
    }
  }

  /** Native memory is freed only when no thread uses it, so an interrupt does not end the wait. */
  private void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
        fail(new InterruptedIOException("the surface was interrupted"));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(Replica replica) {
    EngineThreads.one();
    try (InferencePass pass = InferencePass.of(replica)) {
      ModelWeights target = replica.weights();
      BatchNormRefresh refresh = replica.refresh(BatchNormRefresh.Weighting.POOLED);
      for (int index = take(); index >= 0; index = take()) {
        put(index, evaluate(index, target, refresh, pass));
      }
    } catch (Throwable e) {
      fail(e);
    }
  }

  private SurfacePoint evaluate(
      int index, ModelWeights target, BatchNormRefresh refresh, InferencePass pass)
      throws IOException {
    Weights weights = points.at(index);
    layout.requireSame(weights.layout());
    double norm = squaredNorm(weights);
    if (!Double.isFinite(norm)) {
      return SurfacePoint.hole(norm);
    }
    target.write(weights);
    if (refresh.isNeeded()) {
      try {
        refresh.refresh(settings.batchNorm());
      } catch (IllegalArgumentException overflow) {
        return SurfacePoint.hole(norm);
      }
    }
    RowLoss train = RowLoss.of(pass, settings.train(), evidence);
    RowLoss test = RowLoss.of(pass, settings.test(), evidence);
    return new SurfacePoint(train.loss(), train.error(), test.loss(), test.error(), norm);
  }

  /** Finite if and only if all weights are: squares of float32 do not overflow. */
  private static double squaredNorm(Weights weights) {
    double sum = 0;
    for (int t = 0; t < weights.layout().tensors().size(); t++) {
      FloatBuffer values = weights.values(t);
      double part = 0;
      for (int i = 0; i < values.limit(); i++) {
        double w = values.get(i);
        part += w * w;
      }
      sum += part;
    }
    return sum;
  }

  /** The next point that is not known, -1 if there is none or one failed. */
  private synchronized int take() {
    while (next < done.length && done[next] != null) {
      next++;
    }
    return failure == null && next < done.length ? next++ : -1;
  }

  private synchronized void put(int index, SurfacePoint point) throws IOException {
    done[index] = point;
    finished++;
    unsaved = true;
    if (System.nanoTime() - saved > SAVE_NANOS) {
      save();
    }
    settings.listener().accept(finished);
  }

  private void save() throws IOException {
    if (file != null && unsaved) {
      file.write(done);
      unsaved = false;
    }
    saved = System.nanoTime();
  }

  /** At the end, whatever the end is; a failure that came before is the one to tell of. */
  private synchronized void saveAll() throws IOException {
    try {
      save();
    } catch (IOException e) {
      if (failure == null) {
        throw e;
      }
      failure.addSuppressed(e);
    }
  }

  private synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  private synchronized void rethrow() throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }
}
