package io.github.swag4j.swa.djl;

import ai.djl.nn.Block;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a process leaves its convolutions to oneDNN. It does where oneDNN is right; where it is
 * not, only if every convolution of every model that was given is one it computes rightly, checked
 * one by one. A model with another one, or one that cannot be seen into, ends that for good.
 *
 * <p>A model without values yet is not known: until it is, oneDNN stays off. Safe for use by
 * several threads.
 */
final class ConvolutionTrust {
  private static final Logger LOG = LoggerFactory.getLogger(ConvolutionTrust.class);

  /** The engine, as far as the decision rests on it. */
  interface Machine {

    /** What is wrong with convolutions of all kinds, as the switch is now; null if nothing. */
    String firstWrong();

    /** What is wrong with oneDNN's other operations, or null; the switch may be anywhere after. */
    String wrongBeside();

    /** What is wrong with one convolution by oneDNN, or null; the switch may be anywhere after. */
    String wrong(ConvolutionShape shape);

    /** Leaves convolutions to oneDNN or not. */
    void leaveToOneDnn(boolean on);

    /** Threads of an operation that is called from this thread. */
    int threads();
  }

  private enum State {
    /** Nothing was compared yet. */
    UNKNOWN,
    /** oneDNN is right, or the engine has none. */
    RIGHT,
    /** oneDNN is wrong in places, and off until a model is known. */
    DOUBTED,
    /** oneDNN is wrong in places, and on: no model has such. */
    CHECKED,
    /** oneDNN is off for good. */
    OFF
  }

  private record Checked(ConvolutionShape shape, int threads) {}

  private final Machine machine;
  private final Set<Checked> checked = new HashSet<>();
  private final List<WeakReference<Block>> waiting = new ArrayList<>();
  private volatile State state = State.UNKNOWN;
  private String doubt;
  private boolean besideChecked;
  private boolean said;

  ConvolutionTrust(Machine machine) {
    this.machine = machine;
  }

  /** Sees to it that convolutions of any kind are right from now on. */
  synchronized void requireAll() {
    compareOnce();
    if (state == State.DOUBTED || state == State.CHECKED) {
      off("it is used for more than the models that were checked");
    }
  }

  /** Sees to it that a model's convolutions are right from now on. */
  void require(Block block) {
    if (isDecided()) {
      return;
    }
    synchronized (this) {
      compareOnce();
      if (!isDecided()) {
        waiting.removeIf(
            other -> {
              Block known = other.get();
              return known == null || known == block;
            });
        waiting.add(new WeakReference<>(block));
        decide();
      }
    }
  }

  /** Whether oneDNN is on because all models were checked. */
  boolean isChecked() {
    return state == State.CHECKED;
  }

  /**
   * Sees to it that a model may be given inputs of a size.
   *
   * @param declared {@code [rows][...]} as it was initialised
   * @param actual {@code [rows][...]}
   */
  void requireSize(Block block, long[] declared, long[] actual) {
    if (state != State.CHECKED || sameRow(declared, actual)) {
      return;
    }
    synchronized (this) {
      if (state == State.CHECKED && !ModelConvolutions.in(block).shapes().isEmpty()) {
        off("a model was given inputs of another size than it was initialised with");
      }
    }
  }

  private static boolean sameRow(long[] declared, long[] actual) {
    if (declared.length != actual.length) {
      return false;
    }
    for (int a = 1; a < declared.length; a++) {
      if (declared[a] != actual[a]) {
        return false;
      }
    }
    return true;
  }

  private boolean isDecided() {
    return state == State.RIGHT || state == State.OFF;
  }

  private void compareOnce() {
    if (state != State.UNKNOWN) {
      return;
    }
    doubt = machine.firstWrong();
    if (doubt == null) {
      state = State.RIGHT;
      return;
    }
    machine.leaveToOneDnn(false);
    String still = machine.firstWrong();
    if (still != null) {
      throw new IllegalStateException(
          "the engine's convolutions must be right, got "
              + still
              + ", without oneDNN too: "
              + EngineConvolutions.REMEDY);
    }
    state = State.DOUBTED;
  }

  private void decide() {
    boolean wasOn = state == State.CHECKED;
    List<WeakReference<Block>> still = new ArrayList<>();
    for (WeakReference<Block> reference : waiting) {
      Block block = reference.get();
      if (block == null) {
        continue;
      }
      ModelConvolutions found = ModelConvolutions.in(block);
      String wrong = found.unknown() == null ? firstWrong(found) : found.unknown();
      if (wrong != null) {
        off("this model has " + wrong);
        return;
      }
      if (!found.isInitialized()) {
        still.add(reference);
      }
    }
    waiting.clear();
    waiting.addAll(still);
    boolean on = still.isEmpty() && !checked.isEmpty();
    machine.leaveToOneDnn(on);
    state = on ? State.CHECKED : State.DOUBTED;
    if (on && !wasOn && !said) {
      said = true;
      LOG.warn(
          "PyTorch's oneDNN computes some convolutions wrongly on this processor ({}); oneDNN stays"
              + " on: every convolution of this model was checked",
          doubt);
    }
  }

  private String firstWrong(ModelConvolutions model) {
    for (ConvolutionShape shape : model.shapes()) {
      Checked key = new Checked(shape, machine.threads());
      if (checked.contains(key)) {
        continue;
      }
      String wrong = compared(shape);
      if (wrong != null) {
        return wrong;
      }
      checked.add(key);
    }
    return null;
  }

  /** A comparison that fails, for want of memory perhaps, proves nothing. */
  private String compared(ConvolutionShape shape) {
    try {
      if (!besideChecked) {
        String wrong = machine.wrongBeside();
        if (wrong != null) {
          return wrong;
        }
        besideChecked = true;
      }
      return machine.wrong(shape);
    } catch (RuntimeException e) {
      return shape + " that could not be compared, " + e;
    }
  }

  private void off(String why) {
    machine.leaveToOneDnn(false);
    state = State.OFF;
    waiting.clear();
    LOG.warn(
        "PyTorch's oneDNN computes convolutions wrongly on this processor ({}) and is switched off:"
            + " results are right, convolutions somewhat slower; {}",
        doubt,
        why);
  }
}
