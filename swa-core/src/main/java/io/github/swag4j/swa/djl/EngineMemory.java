package io.github.swag4j.swa.djl;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.util.Map;

/**
 * How the engine's memory is given back. PyTorch allocates and frees the arrays of every step anew.
 * The C library of Linux (glibc) hands large ones back to the system at once, and the next step
 * pays for each of their pages again; only after a while does it learn to keep them. Told to keep
 * them from the beginning, ten epochs of a small convolutional network took less than half the
 * processor time, with the same peak of memory (docs/decisions/engine-version.md).
 */
final class EngineMemory {
  private static final int TRIM_THRESHOLD = -1;
  private static final int MMAP_THRESHOLD = -3;

  /** Freed memory at the end of a heap that stays with the process, and smallest separate array. */
  private static final int BYTES = 1 << 30;

  /** The most that older versions of glibc take for the smallest separate array. */
  private static final int OLD_BYTES = 1 << 25;

  private EngineMemory() {}

  /**
   * Tells the C library to keep freed memory, unless the environment says how it allocates.
   *
   * @param environment the process's
   * @return whether it was told
   */
  static boolean keep(Map<String, String> environment) {
    if (!Platform.isLinux() || isChosen(environment)) {
      return false;
    }
    try {
      Function mallopt = Function.getFunction(Platform.C_LIBRARY_NAME, "mallopt");
      // Either of the two ends the search for a threshold by itself, so one alone is worse than
      // none.
      return (set(mallopt, MMAP_THRESHOLD, BYTES) || set(mallopt, MMAP_THRESHOLD, OLD_BYTES))
          && set(mallopt, TRIM_THRESHOLD, BYTES);
    } catch (LinkageError otherLibrary) {
      return false;
    }
  }

  private static boolean set(Function mallopt, int parameter, int value) {
    return mallopt.invokeInt(new Object[] {parameter, value}) == 1;
  }

  private static boolean isChosen(Map<String, String> environment) {
    return environment.keySet().stream()
        .anyMatch(
            name ->
                name.startsWith("MALLOC_")
                    || name.equals("GLIBC_TUNABLES")
                    || name.equals("LD_PRELOAD"));
  }
}
