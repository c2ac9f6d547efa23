package io.github.swag4j.swag.djl;

import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The weights of samples in order, drawn several together, which is faster for each, and while
 * those before them predict. Holds at most two groups, 256 MiB together or one sample each. Safe
 * for use by several threads.
 */
final class DrawnSamples implements AutoCloseable {
  private static final long GROUP_BYTES = 1L << 27;
  private static final int MOST = 10;

  private final WeightPosterior posterior;
  private final long seed;
  private final int samples;
  private final int group;
  private final Queue<Weights> ready = new ArrayDeque<>();
  private ExecutorService drawer;
  private Future<List<Weights>> coming;
  private int first = -1;
  private int asked;

  /**
   * Draws nothing yet.
   *
   * @param samples how many there will be
   */
  DrawnSamples(WeightPosterior posterior, long seed, int samples) {
    this.posterior = posterior;
    this.seed = seed;
    this.samples = samples;
    long bytes = 4L * Math.max(posterior.layout().size(), 1);
    this.group = (int) Math.max(1, Math.min(MOST, GROUP_BYTES / bytes));
  }

  /**
   * A sample.
   *
   * @param sample the one after the last that was asked for, or any to begin with
   * @throws IOException if a member lies in a file that cannot be read
   */
  synchronized Weights next(int sample) throws IOException {
    if (posterior.isPoint()) {
      return posterior.sample(seed, 0);
    }
    if (first < 0) {
      first = sample;
      asked = sample;
    }
    if (ready.isEmpty()) {
      ready.addAll(coming == null ? draw(asked, asked + 1) : await());
      asked = sample + ready.size();
      prepare();
    }
    return ready.remove();
  }

  /** The first sample is drawn alone: much can be refused with it. */
  private List<Weights> draw(int from, int to) throws IOException {
    try {
      return posterior.samples(seed, from, to - from);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void prepare() {
    int from = asked;
    int to = Math.min(samples, from + group);
    if (from >= to) {
      coming = null;
      return;
    }
    if (drawer == null) {
      drawer =
          Executors.newSingleThreadExecutor(
              work -> {
                Thread thread = new Thread(work, "swag4j-draw");
                thread.setDaemon(true);
                return thread;
              });
    }
    coming = drawer.submit(() -> draw(from, to));
  }

  private List<Weights> await() throws IOException {
    try {
      return coming.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("prediction interrupted while weights were drawn");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public synchronized void close() {
    if (drawer != null) {
      drawer.shutdownNow();
    }
  }
}
