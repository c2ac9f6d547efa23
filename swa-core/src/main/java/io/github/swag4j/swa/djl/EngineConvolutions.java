package io.github.swag4j.swa.djl;

import ai.djl.engine.Engine;
import ai.djl.training.GradientCollector;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the PyTorch engine's convolutions are right. PyTorch leaves them to oneDNN, which
 * makes code for the processor it finds; version 3.7.1, in PyTorch 2.7.1, makes wrong code on some.
 * Where channels do not fill its blocks of 8 or 16, outputs and gradients lack terms without a
 * word, and turn to NaN now and then, because memory that nobody wrote comes in.
 *
 * <p>On processors of which that is known, AMD family 26 (Zen 5), oneDNN is switched off for the
 * process before it has run at all, through PyTorch's own switch (JNA): its wrong code also writes
 * where it must not, so that it is not even tried. On others a few small convolutions and their
 * gradients are computed once and compared with their definition, in whole numbers, where both are
 * exact. If one differs, oneDNN is switched off then, the comparison made again, and the warning
 * says that memory may have been overwritten. PyTorch's own convolutions took 1.3 to 1.6 times as
 * long a training step with one thread. Where all agree, nothing is changed.
 */
public final class EngineConvolutions {
  private static final Logger LOG = LoggerFactory.getLogger(EngineConvolutions.class);
  private static final String REMEDY = "ONEDNN_MAX_CPU_ISA=SSE41";
  private static boolean verified;

  private EngineConvolutions() {}

  /**
   * Compares, and switches oneDNN off if it is wrong. Does nothing for other engines, once all
   * agreed, or while gradients are collected, of which the engine allows one at a time; then the
   * next call compares. The library calls it when its own classes are first used with a model or
   * trainer; a program that computes with DJL alone before that calls it first.
   *
   * @param engine the engine that is in use
   * @throws IllegalStateException if convolutions are wrong and oneDNN cannot be switched off, or
   *     they are wrong without it
   */
  public static synchronized void verified(Engine engine) {
    if (verified || !"PyTorch".equals(engine.getEngineName())) {
      return;
    }
    try (GradientCollector collector = TorchEngine.collectorUnlessBusy(engine)) {
      if (collector != null) {
        verify(engine, collector);
        verified = true;
      }
    }
  }

  private static void verify(Engine engine, GradientCollector collector) {
    Optional<String> known = WrongProcessors.ofThisMachine();
    if (known.isPresent()) {
      switchOneDnnOff("wrong ones known of " + known.get());
      requireRight(engine, collector);
      LOG.warn(
          "PyTorch's oneDNN computes convolutions wrongly on {} and was switched off before it ran:"
              + " results are right, convolutions somewhat slower",
          known.get());
      return;
    }
    String wrong = ConvolutionProbe.firstWrong(engine, collector);
    if (wrong == null) {
      return;
    }
    switchOneDnnOff(wrong);
    requireRight(engine, collector);
    LOG.warn(
        "PyTorch's oneDNN computes convolutions wrongly on this processor ({}) and is switched off:"
            + " convolutions are right from here on, and somewhat slower; what ran before may have"
            + " overwritten memory, so start the program with {} in its environment",
        wrong,
        REMEDY);
  }

  private static void requireRight(Engine engine, GradientCollector collector) {
    String still = ConvolutionProbe.firstWrong(engine, collector);
    if (still != null) {
      throw wrong(still + ", without oneDNN too", null);
    }
  }

  private static void switchOneDnnOff(String why) {
    String library =
        Platform.isWindows()
            ? "torch_cpu.dll"
            : Platform.isMac() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
    try {
      Path file = TorchEngine.directory().resolve(library);
      NativeLibrary torch = NativeLibrary.getInstance(file.toString());
      Pointer context =
          torch
              .getFunction(
                  Platform.isWindows()
                      ? "?globalContext@at@@YAAEAVContext@1@XZ"
                      : "_ZN2at13globalContextEv")
              .invokePointer(new Object[0]);
      int off = 0;
      // NNPACK would be next in line; on processors it does not know it writes to stderr each time.
      for (String name : new String[] {"Mkldnn", "NNPACK"}) {
        torch
            .getFunction(
                Platform.isWindows()
                    ? "?setUserEnabled" + name + "@Context@at@@QEAAX_N@Z"
                    : "_ZN2at7Context20setUserEnabled" + name + "Eb")
            .invokeVoid(new Object[] {context, off});
      }
    } catch (LinkageError e) {
      throw wrong(why + ", and oneDNN cannot be switched off", e);
    }
  }

  private static IllegalStateException wrong(String what, Throwable cause) {
    return new IllegalStateException(
        "the engine's convolutions must be right, got "
            + what
            + ": start the program with "
            + REMEDY
            + " in its environment, or on another machine",
        cause);
  }
}
