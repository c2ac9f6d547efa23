package io.github.swag4j.swag.djl;

import ai.djl.nn.Block;
import io.github.swag4j.swa.djl.EngineThreads;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.Replica;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Threads that predict samples at the same time, each in a replica of the model on one of the
 * engine's threads. A sample begins when it is less than two for each worker away from the last one
 * folded, which bounds the outputs that wait. The first failure of a sample that is needed ends
 * all.
 */
final class SampleWorkers {
  private static final int AHEAD = 2;

  private final Block block;
  private final SamplePlan plan;
  private final DrawnSamples drawn;
  private final List<InputBatches> dataSets;
  private final SampleFold fold;
  private final int workers;
  private int next;
  private Throwable failure;

  SampleWorkers(
      Block block,
      SamplePlan plan,
      DrawnSamples drawn,
      List<InputBatches> dataSets,
      SampleFold fold,
      int workers) {
    this.block = block;
    this.plan = plan;
    this.drawn = drawn;
    this.dataSets = dataSets;
    this.fold = fold;
    this.workers = workers;
    this.next = fold.folded();
  }

  /**
   * Predicts all samples the fold wants, and ends the threads.
   *
   * @throws IOException if data cannot be read, or the prediction was interrupted
   */
  void run() throws IOException {
    List<Replica> replicas = new ArrayList<>();
    try {
      for (int w = 0; w < workers; w++) {
        replicas.add(Replica.of(block));
      }
      runAll(replicas);
    } finally {
      replicas.forEach(Replica::close);
    }
    rethrow();
  }

  private void runAll(List<Replica> replicas) {
    EngineThreads.Kept kept = EngineThreads.keep();
    List<Thread> threads = new ArrayList<>();
    try {
      start(replicas, threads);
      threads.forEach(this::join);
    } finally {
      kept.close();
    }
  }

  /** A thread that does not start ends those that did. */
  private void start(List<Replica> replicas, List<Thread> threads) {
    try {
      for (int w = 0; w < workers; w++) {
        Replica replica = replicas.get(w);
        Thread thread = new Thread(() -> work(replica), "swag4j-sample-" + w);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
    } catch (RuntimeException | Error e) {
      fail(e);
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
        fail(
            new InterruptedIOException(
                "prediction interrupted after " + fold.folded() + " samples"));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(Replica replica) {
    EngineThreads.one();
    try (InferencePass pass = InferencePass.of(replica)) {
      SamplePlan.Target target = plan.of(replica);
      while (true) {
        Drawn sample = take();
        if (sample == null) {
          return;
        }
        SampleOutputs outputs;
        try {
          outputs = predict(sample, target, pass);
        } catch (IOException | RuntimeException e) {
          if (isNeeded(sample.index())) {
            throw e;
          }
          return;
        }
        fold.end(outputs, target.statistics().capture());
        wake();
      }
    } catch (Throwable e) {
      fail(e);
    }
  }

  private SampleOutputs predict(Drawn sample, SamplePlan.Target target, InferencePass pass)
      throws IOException {
    plan.write(target, sample.index(), sample.weights(), fold::watch);
    SampleOutputs outputs = fold.begin(sample.index(), sample.weights());
    PosteriorPass.predictOnce(pass, 0, dataSets, outputs);
    return outputs;
  }

  /**
   * Whether one thread alone would have begun a sample, known once those before it are folded: the
   * failure of a sample begun beyond those that are enough is none of the prediction.
   */
  private synchronized boolean isNeeded(int sample) throws InterruptedException {
    while (failure == null && fold.wants(sample) && fold.folded() < sample) {
      wait();
    }
    return fold.wants(sample);
  }

  private record Drawn(int index, Weights weights) {}

  /** The next sample, or null when there are enough or one failed. */
  private synchronized Drawn take() throws IOException, InterruptedException {
    while (failure == null && fold.wants(next) && next >= fold.folded() + AHEAD * workers) {
      wait();
    }
    if (failure != null || !fold.wants(next)) {
      return null;
    }
    int index = next++;
    return new Drawn(index, drawn.next(index));
  }

  private synchronized void wake() {
    notifyAll();
  }

  private synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    fold.interrupt();
    notifyAll();
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
