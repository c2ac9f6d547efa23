package io.github.swag4j.swa.io.average;

import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Computes blocks on all cores a little ahead of who writes them, in the order they were added. */
final class BlockPipeline implements AutoCloseable {
  /** More than a few threads wait for the memory's bus, with a megabyte of arrays each. */
  private static final int THREADS = Math.min(8, Runtime.getRuntime().availableProcessors());

  private static final int AHEAD = THREADS + 2;

  /** A tensor to be written: averaged from the source, or the source of the last file. */
  private record Task(StoredTensor source, StoredTensor target, boolean copied) {}

  private final List<TensorFile> files;
  private final AverageOptions options;
  private final List<Task> tasks = new ArrayList<>();
  private final Deque<Future<ByteBuffer>> computing = new ArrayDeque<>();
  private final Deque<BlockAverage> workers = new ConcurrentLinkedDeque<>();
  private final Deque<ByteBuffer> buffers = new ConcurrentLinkedDeque<>();
  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          THREADS,
          work -> {
            Thread thread = new Thread(work, "swag4j-average");
            thread.setDaemon(true);
            return thread;
          });
  private Iterator<Task> next;
  private Task current;
  private long at;

  BlockPipeline(List<TensorFile> files, AverageOptions options) {
    this.files = files;
    this.options = options;
  }

  /** Adds a tensor; all are added before the first is written. */
  void add(StoredTensor source, StoredTensor target, boolean copied) {
    tasks.add(new Task(source, target, copied));
  }

  /** Writes the blocks of the next tensor, which must be the one that was added next. */
  void writeTo(StoredTensor target, SafeTensorsWriter.Sink sink) throws IOException {
    for (long left = target.byteSize(); left > 0; ) {
      while (computing.size() < AHEAD && start()) {
        // fills the queue
      }
      ByteBuffer block = take();
      left -= block.remaining();
      sink.write(block);
      buffers.push(block);
    }
  }

  private boolean start() {
    if (next == null) {
      next = tasks.iterator();
    }
    while (current == null || at >= current.source().size()) {
      if (!next.hasNext()) {
        return false;
      }
      current = next.next();
      at = 0;
    }
    Task task = current;
    long first = at;
    int count = (int) Math.min(BlockAverage.VALUES, task.source().size() - first);
    at += count;
    computing.add(executor.submit(() -> compute(task, first, count)));
    return true;
  }

  private ByteBuffer compute(Task task, long first, int count) throws IOException {
    BlockAverage worker = workers.poll();
    if (worker == null) {
      worker = new BlockAverage(files, options);
    }
    ByteBuffer into = buffers.poll();
    if (into == null) {
      into = BlockAverage.buffer();
    }
    if (task.copied()) {
      worker.copyLast(task.source(), first, count, task.target().type(), into);
    } else {
      worker.average(task.source(), first, count, task.target().type(), into);
    }
    workers.push(worker);
    return into;
  }

  private ByteBuffer take() throws IOException {
    try {
      return computing.remove().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("averaging was interrupted");
    }
  }

  /** Lets what is being computed end by itself: an interrupted read would close its file. */
  @Override
  public void close() {
    computing.forEach(block -> block.cancel(false));
    executor.shutdown();
  }
}
