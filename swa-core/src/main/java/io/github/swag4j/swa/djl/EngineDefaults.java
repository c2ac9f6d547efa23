package io.github.swag4j.swa.djl;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the engine's threads wait. PyTorch's OpenMP threads spin between two pieces of work, which
 * takes the processor from Java's own threads: small networks then run many times slower. {@code
 * OMP_WAIT_POLICY=PASSIVE} lets them sleep, but it is read from the process's environment when the
 * engine is loaded, which a Java program cannot change by itself.
 *
 * <p>{@link #apply} puts it there through the C library (JNA, which DJL brings along). It must come
 * before anything of DJL is used, as the first line of {@code main}; what the user has set is never
 * overridden. Where it comes too late, or cannot work (Windows), one line is logged.
 *
 * <p>It also tells the C library of Linux to keep memory that the engine frees, without which every
 * step may pay for its pages anew; not if the environment says how memory is allocated ({@code
 * MALLOC_...}, {@code GLIBC_TUNABLES}, {@code LD_PRELOAD}).
 */
public final class EngineDefaults {
  private static final Logger LOG = LoggerFactory.getLogger(EngineDefaults.class);
  private static final AtomicBoolean DONE = new AtomicBoolean();
  private static final String POLICY = "OMP_WAIT_POLICY";
  private static final String THREADS = "ai.djl.pytorch.num_threads";

  private EngineDefaults() {}

  /**
   * Lets the engine's threads sleep while they wait, unless the user has said how they wait or that
   * there is only one, and freed memory stay with the process. Does nothing the second time. The
   * library calls it when its own classes are first used with a model, which is mostly too late.
   */
  public static void apply() {
    if (DONE.getAndSet(true)) {
      return;
    }
    EngineMemory.keep(System.getenv());
    if (isChosen()) {
      return;
    }
    if (!isEngineLoaded() && setEnvironment()) {
      return;
    }
    LOG.warn(
        "the engine's threads spin while they wait, which can make small networks many times slower:"
            + " call EngineDefaults.apply() before anything of DJL is used, or start the program"
            + " with {}=PASSIVE in its environment or with -D{}=1",
        POLICY,
        THREADS);
  }

  private static boolean isChosen() {
    return System.getenv(POLICY) != null
        || "1".equals(System.getProperty(THREADS))
        || "1".equals(System.getenv("OMP_NUM_THREADS"))
        || Runtime.getRuntime().availableProcessors() == 1;
  }

  /** On Linux the libraries of a process are listed; elsewhere it is taken for not loaded. */
  private static boolean isEngineLoaded() {
    try (Stream<String> libraries = Files.lines(Path.of("/proc/self/maps"))) {
      return libraries.anyMatch(line -> line.contains("libtorch") || line.contains("libgomp"));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean setEnvironment() {
    if (Platform.isWindows()) {
      return false;
    }
    try {
      int keepOld = 0;
      Function setenv = Function.getFunction(Platform.C_LIBRARY_NAME, "setenv");
      return setenv.invokeInt(new Object[] {POLICY, "PASSIVE", keepOld}) == 0;
    } catch (LinkageError e) {
      return false;
    }
  }
}
