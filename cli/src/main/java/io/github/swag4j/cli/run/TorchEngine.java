package io.github.swag4j.cli.run;

import ai.djl.engine.Engine;
import io.github.swag4j.swa.djl.EngineConvolutions;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Sets the engine up before its first use; what the user has set stays. */
public final class TorchEngine {
  private static final String THREADS = "ai.djl.pytorch.num_threads";

  private TorchEngine() {}

  /** Threads that the engine was last started with; 1 before. */
  static int threads() {
    return Math.max(Integer.getInteger(THREADS, 1), 1);
  }

  /**
   * Loads the engine: offline, without telemetry, with a fixed number of threads, because results
   * depend on it.
   *
   * @throws IllegalStateException if it cannot be loaded; says where it can
   */
  public static Engine start(int threads, PrintWriter err) {
    set("ai.djl.offline", "true");
    set("OPT_OUT_TRACKING", "true");
    System.setProperty(THREADS, Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    if (!Files.isDirectory(cache())) {
      err.println("Unpacking the PyTorch engine into " + cache() + " (once) ...");
    }
    Engine engine = loaded(() -> Engine.getEngine("PyTorch"));
    EngineConvolutions.verified(engine);
    return engine;
  }

  /** What loading gives; only here is a failure one of the platform, not of the work. */
  static <T> T loaded(Supplier<T> loading) {
    try {
      return loading.get();
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalStateException(
          e
              + ": the PyTorch engine runs on Linux x86_64 and aarch64 (glibc), macOS arm64 and"
              + " Windows x86_64 (with Microsoft's Visual C++ runtime)",
          e);
    }
  }

  private static Path cache() {
    String set = System.getProperty("DJL_CACHE_DIR", System.getenv("DJL_CACHE_DIR"));
    return (set == null ? Path.of(System.getProperty("user.home"), ".djl.ai") : Path.of(set))
        .resolve("pytorch");
  }

  private static void set(String name, String value) {
    if (System.getProperty(name) == null && System.getenv(name) == null) {
      System.setProperty(name, value);
    }
  }
}
