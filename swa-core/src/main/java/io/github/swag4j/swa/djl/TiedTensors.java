package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Tells tensors that are there under a second name: the same array, or the same memory, as tied
 * weights of a TorchScript module have. Counted twice, their moments and noise would be doubled and
 * two values written into one place.
 */
final class TiedTensors {
  private final Set<NDArray> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Long> addresses = new HashSet<>();

  /**
   * Takes in an array.
   *
   * @param array a parameter's
   * @return false if it, or its memory, was taken in before
   */
  boolean add(NDArray array) {
    if (!arrays.add(array)) {
      return false;
    }
    if (array.isEmpty()) {
      return true;
    }
    ByteBuffer view = array.toByteBuffer(true);
    return !view.isDirect() || addresses.add(address(view));
  }

  private static long address(ByteBuffer view) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(view));
  }
}
