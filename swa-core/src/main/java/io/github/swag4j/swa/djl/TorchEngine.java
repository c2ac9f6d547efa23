package io.github.swag4j.swa.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * The few things that only the PyTorch engine's own classes can do. The engine is an optional
 * dependency: nothing else names its classes, and without it these do nothing or say so.
 */
final class TorchEngine {

  /** A piece of work without gradients; closing it puts the thread's mode back. */
  interface GradientsOff extends AutoCloseable {
    @Override
    void close();
  }

  private TorchEngine() {}

  /**
   * Switches gradients off in this thread. The engine does so only in the thread that loaded it, so
   * every other one records each forward pass for a backward pass that never comes.
   */
  static GradientsOff gradientsOff() {
    try {
      if (!JniUtils.isGradMode()) {
        return () -> {};
      }
      JniUtils.setGradMode(false);
      return () -> JniUtils.setGradMode(true);
    } catch (LinkageError absent) {
      return () -> {};
    }
  }

  /**
   * A loaded module is in evaluation mode while its block believes it to be in training mode, so
   * the first training pass would not switch it. Afterwards both say training.
   */
  static void agreeOnTrainingMode(Block block) {
    JniUtils.enableTrainingMode((PtSymbolBlock) block);
  }

  /** Seeds the engine's one generator, which dropout draws from in every thread. */
  static void seed(Engine engine, long seed) {
    try {
      JniUtils.setSeed(seed);
    } catch (LinkageError absent) {
      engine.setRandomSeed((int) (seed ^ seed >>> 32));
    }
  }

  /** Threads of one operation called from this thread; 1 for an engine that cannot say. */
  static int threads() {
    try {
      return JniUtils.getNumThreads();
    } catch (LinkageError absent) {
      return 1;
    }
  }

  static void setThreads(int threads) {
    try {
      JniUtils.setNumThreads(threads);
    } catch (LinkageError absent) {
      // Another engine keeps its own number.
    }
  }

  /**
   * The other way about: a module in evaluation mode whose block believes it to be in training
   * mode, and so records its passes for gradients. Until a pass without training.
   */
  static void evaluateInTrainingMode(Block block) {
    JniUtils.enableInferenceMode((PtSymbolBlock) block);
  }

  static boolean isModule(Block block) {
    try {
      return block instanceof PtSymbolBlock;
    } catch (LinkageError absent) {
      return false;
    }
  }

  /** Writes a module as the engine does, a plain TorchScript archive. */
  static void write(Block block, OutputStream out) throws IOException {
    try {
      JniUtils.writeModule((PtSymbolBlock) block, out, false);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Where the native libraries of the loaded engine are. */
  static Path directory() {
    return Path.of(LibUtils.getLibtorchPath());
  }

  /** Records what this thread computes for {@link #backward}, whoever else collects gradients. */
  static void recorded(Runnable work) {
    boolean gradients = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try {
      work.run();
    } finally {
      JniUtils.setGradMode(gradients);
    }
  }

  /** Computes the gradients of sum(outputs * factors), in arrays that require them. */
  static void backward(NDArray outputs, NDArray factors) {
    JniUtils.backward((PtNDArray) outputs, (PtNDArray) factors, false, false);
  }
}
