package io.github.swag4j.swa.djl;

/**
 * How many threads the engine uses for one operation. PyTorch keeps the number for each thread that
 * calls it, and one more for threads that have not called it yet, which every setting changes too.
 */
public final class EngineThreads {

  /** Puts the number for new threads, and for the one that closes it, back. */
  public interface Kept extends AutoCloseable {
    @Override
    void close();
  }

  private EngineThreads() {}

  /**
   * Remembers the calling thread's number.
   *
   * @return to be closed by the same thread, after the threads that called {@link #one}
   */
  public static Kept keep() {
    int threads = TorchEngine.threads();
    return () -> TorchEngine.setThreads(threads);
  }

  /** Lets the engine work for the calling thread in that thread alone. */
  public static void one() {
    TorchEngine.setThreads(1);
  }
}
