package io.github.swag4j.swa.djl;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.file.Path;

/** PyTorch's own switch for oneDNN, which DJL does not offer: reached by JNA, for the process. */
final class OneDnn {

  private OneDnn() {}

  /**
   * Leaves convolutions to oneDNN, or to PyTorch's own code.
   *
   * @throws LinkageError if the engine's library has no such switch
   */
  static void set(boolean on) {
    NativeLibrary torch = NativeLibrary.getInstance(library().toString());
    Pointer context =
        torch
            .getFunction(
                Platform.isWindows()
                    ? "?globalContext@at@@YAAEAVContext@1@XZ"
                    : "_ZN2at13globalContextEv")
            .invokePointer(new Object[0]);
    set(torch, context, "Mkldnn", on);
    // NNPACK would be next in line; on processors it does not know it writes to stderr each time.
    set(torch, context, "NNPACK", false);
  }

  private static void set(NativeLibrary torch, Pointer context, String name, boolean on) {
    torch
        .getFunction(
            Platform.isWindows()
                ? "?setUserEnabled" + name + "@Context@at@@QEAAX_N@Z"
                : "_ZN2at7Context20setUserEnabled" + name + "Eb")
        .invokeVoid(new Object[] {context, on ? 1 : 0});
  }

  private static Path library() {
    return TorchEngine.directory()
        .resolve(
            Platform.isWindows()
                ? "torch_cpu.dll"
                : Platform.isMac() ? "libtorch_cpu.dylib" : "libtorch_cpu.so");
  }
}
