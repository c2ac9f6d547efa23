package io.github.swag4j.cli.run;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * What is still done when the process is told to end (Ctrl-C, SIGTERM) in the middle of its work,
 * such as to say how a training goes on. The process ends as it would otherwise, with 128 plus the
 * signal's number.
 */
public final class Interruption implements AutoCloseable {
  private final Thread hook;

  private Interruption(Thread hook) {
    this.hook = hook;
  }

  /**
   * Does something, from now on until this is closed.
   *
   * @param last what is done; the process waits for it
   * @return what is closed when the work is over
   */
  public static Interruption doing(Runnable last) {
    Thread hook = new Thread(last, "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  /**
   * Says how to go on, from now on.
   *
   * @param checkpoints what is safe
   * @param total epochs in all
   * @param command what goes on with the run
   * @param err where to
   * @return what is closed when there is nothing to resume any more
   */
  public static Interruption hint(
      RunCheckpoints checkpoints, int total, String command, PrintWriter err) {
    return doing(
        () -> {
          int saved = checkpoints.saved();
          if (saved >= 0) {
            err.print(Boolean.getBoolean("swag4j.terminal") ? System.lineSeparator() : "");
            err.printf(
                Locale.ROOT,
                "swag4j: interrupted with %d of %d epochs saved: go on with '%s'%n",
                saved,
                total,
                command);
            err.flush();
          }
        });
  }

  /** Does it no longer. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The hook is running: there is nothing to take back.
      hook.setName("interruption, too late");
    }
  }
}
