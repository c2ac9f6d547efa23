package io.github.swag4j.swa.djl.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * How the values of one tensor are reached: through its own memory where that is float32,
 * contiguous and on the CPU, else by one bulk copy in each direction.
 *
 * <p>Contract of the copying way, which a GPU needs: what is read are the values in row-major order
 * as float32, as of the call; what is written is in the tensor when write returns, rounded to its
 * type, its storage, device, memory order and gradient settings unchanged.
 */
public final class TensorMemory {

  /** What {@link #zero} writes; never written to itself. */
  private static final float[] ZEROS = new float[4096];

  private final NDArray array;
  private final boolean shared;

  private TensorMemory(NDArray array, boolean shared) {
    this.array = array;
    this.shared = shared;
  }

  /**
   * The faster way there is for a tensor.
   *
   * @param array the tensor
   * @return its memory
   */
  public static TensorMemory of(NDArray array) {
    return new TensorMemory(array, isShared(array));
  }

  /**
   * The copying way, whatever the tensor is.
   *
   * @param array the tensor
   * @return its memory
   */
  public static TensorMemory copying(NDArray array) {
    return new TensorMemory(array, false);
  }

  /**
   * Whether what is written to {@link #read} is in the tensor.
   *
   * @return true for its own memory, false for copies
   */
  public boolean isShared() {
    return shared;
  }

  /**
   * For a tensor on another device or in another memory order the engine hands out a copy, and what
   * is written to that is lost without a word. So a value is changed through one view and looked
   * for through another.
   */
  private static boolean isShared(NDArray array) {
    if (array.getDataType() != DataType.FLOAT32) {
      return false;
    }
    if (array.size() == 0) {
      return true;
    }
    FloatBuffer one = view(array);
    FloatBuffer other = view(array);
    float before = one.get(0);
    float probe = before == 1f ? 2f : 1f;
    one.put(0, probe);
    boolean shared = other.get(0) == probe;
    one.put(0, before);
    return shared;
  }

  /**
   * A float32 tensor's own memory.
   *
   * @param array the tensor
   * @return a view of its values; a copy if the tensor is elsewhere or in another memory order
   */
  public static FloatBuffer view(NDArray array) {
    ByteBuffer bytes = array.toByteBuffer(true);
    return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /**
   * The values.
   *
   * @return the tensor's own memory if shared, a copy otherwise
   */
  public FloatBuffer read() {
    if (shared) {
      return view(array);
    }
    try (NDManager manager = array.getManager().newSubManager()) {
      NDArray values = array.stopGradient();
      values.attach(manager);
      NDArray here = values.toDevice(Device.cpu(), true);
      here.attach(manager);
      NDArray wide = here.toType(DataType.FLOAT32, true);
      wide.attach(manager);
      return FloatBuffer.wrap(wide.toFloatArray());
    }
  }

  /**
   * Writes all values in one copy; {@code set} through a detached alias keeps the storage.
   *
   * @param source as many values as the tensor has, from position 0
   */
  public void write(FloatBuffer source) {
    if (array.size() == 0) {
      return;
    }
    try (NDManager manager = array.getManager().newSubManager()) {
      float[] values = new float[Math.toIntExact(array.size())];
      source.get(0, values);
      NDArray here = manager.create(values, array.getShape());
      NDArray there = here.toDevice(array.getDevice(), false);
      there.attach(manager);
      NDArray narrow = there.toType(array.getDataType(), false);
      narrow.attach(manager);
      NDArray alias = array.stopGradient();
      alias.attach(manager);
      alias.set(new NDIndex("..."), narrow);
    }
  }

  /** Sets all values to 0, whatever the tensor's memory order and device. */
  public void zero() {
    if (!shared) {
      array.set(new NDIndex("..."), 0f);
      return;
    }
    FloatBuffer values = view(array);
    int size = values.capacity();
    for (int from = 0; from < size; from += ZEROS.length) {
      values.put(from, ZEROS, 0, Math.min(ZEROS.length, size - from));
    }
  }
}
