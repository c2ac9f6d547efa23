package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts tensors in another memory order, as transposed or channels-last ones, into memory of the
 * usual order. The engine gives a view of contiguous memory only, and of any other a new copy each
 * time, in which what is written is lost.
 */
final class ContiguousTensors {
  private record Moved(NDArray array, ByteBuffer memory) {}

  private final List<Moved> moved = new ArrayList<>();

  /** Moves an array, if it must be moved; two that are tied stay so. */
  void take(NDArray array) {
    if (array.size() < 2 || isShared(array)) {
      return;
    }
    for (Moved earlier : moved) {
      if (isTied(earlier, array)) {
        moved.add(new Moved(array, earlier.memory()));
        return;
      }
    }
    moved.add(new Moved(array, copy(array)));
  }

  /** Rebinds what was taken. Only then: while they are bound as before, ties can be seen. */
  void bind() {
    moved.forEach(m -> m.array().set(m.memory()));
  }

  private static boolean isShared(NDArray array) {
    ByteBuffer one = array.toByteBuffer(true);
    ByteBuffer other = array.toByteBuffer(true);
    byte before = one.get(0);
    one.put(0, (byte) ~before);
    boolean shared = other.get(0) != before;
    one.put(0, before);
    return shared;
  }

  private static ByteBuffer copy(NDArray array) {
    ByteBuffer values = array.toByteBuffer(true);
    ByteBuffer memory =
        ByteBuffer.allocateDirect(values.remaining()).order(ByteOrder.nativeOrder());
    return memory.put(values).rewind();
  }

  /** Changes one for a moment and looks at the other. */
  private static boolean isTied(Moved earlier, NDArray array) {
    NDArray first = earlier.array();
    if (!first.getShape().equals(array.getShape())
        || first.getDataType() != array.getDataType()
        || !copy(array).equals(earlier.memory())) {
      return false;
    }
    NDIndex all = new NDIndex("...");
    try (NDArray before = first.duplicate();
        NDArray other = first.add(1)) {
      first.set(all, other);
      boolean tied = !copy(array).equals(earlier.memory());
      first.set(all, before);
      return tied;
    }
  }
}
