package io.github.swag4j.swa.io;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a Python pickle without executing it. The plain values (numbers, strings, lists, tuples,
 * dicts, None) become Java's; a name of a class or function is looked up in a list of a few that
 * {@link TorchObjects} knows, and anything else is refused by name. Values refer to each other by
 * reference and are never walked here, so that nesting cannot exhaust the stack.
 */
final class PickleReader {

  /** A checkpoint of 60,000 tensors has three million. */
  private static final int MAX_OPERATIONS = 1 << 22;

  private static final Object MARK = new Object();

  /** A Python tuple. Compared by identity: hashing nested ones can take forever. */
  static final class Tuple {
    private final List<Object> items;

    Tuple(List<Object> items) {
      this.items = new ArrayList<>(items);
    }

    List<Object> items() {
      return items;
    }
  }

  private final Path file;
  private final ByteBuffer bytes;
  private final TorchObjects objects;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  PickleReader(Path file, ByteBuffer bytes, TorchObjects objects) {
    this.file = file;
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.objects = objects;
  }

  /** Reads one pickle from the buffer's position on, and leaves it behind the pickle. */
  Object read() throws WeightFormatException {
    stack.clear();
    memo.clear();
    int start = bytes.position();
    try {
      for (int n = 0; n < MAX_OPERATIONS; n++) {
        int operation = bytes.get() & 0xff;
        if (operation == '.') {
          return pop();
        }
        apply(operation);
      }
    } catch (BufferUnderflowException e) {
      throw refuse(start, "ends before its end");
    } catch (IndexOutOfBoundsException
        | ClassCastException
        | NullPointerException
        | ArithmeticException e) {
      throw refuse(bytes.position(), "makes no sense");
    } catch (IllegalArgumentException e) {
      throw refuse(bytes.position(), e.getMessage());
    }
    throw refuse(bytes.position(), "has more than " + MAX_OPERATIONS + " operations");
  }

  private WeightFormatException refuse(int at, String what) {
    return new WeightFormatException(file, "pickle at byte " + at + ": " + what);
  }

  private void apply(int operation) throws WeightFormatException {
    switch (operation) {
      case 0x80 -> requireProtocol(bytes.get());
      case 0x95 -> bytes.getLong(); // a frame: a hint for readers
      case '(' -> push(MARK);
      case '0' -> pop();
      case '1' -> popMark();
      case 'N' -> push(null);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) bytes.getInt());
      case 'K' -> push((long) (bytes.get() & 0xff));
      case 'M' -> push((long) (bytes.getShort() & 0xffff));
      case 0x8a -> push(integer(bytes.get() & 0xff));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(bytes.getLong())));
      case 0x8c -> push(text(bytes.get() & 0xff));
      case 'X' -> push(text(bytes.getInt()));
      case 0x8d -> push(text(length(bytes.getLong())));
      case 'U', 'C' -> push(latin(bytes.get() & 0xff));
      case 'T', 'B' -> push(latin(bytes.getInt()));
      case 0x8e, 0x96 -> push(latin(length(bytes.getLong())));
      case ']' -> push(new ArrayList<>());
      case '}' -> push(new LinkedHashMap<>());
      case 0x8f -> push(new ArrayList<>()); // a set
      case ')' -> push(new Tuple(List.of()));
      case 't' -> push(new Tuple(popMark()));
      case 0x85, 0x86, 0x87 -> push(new Tuple(pop(operation - 0x84)));
      case 'l', 0x91 -> push(new ArrayList<>(popMark()));
      case 'd' -> putAll(new LinkedHashMap<>(), popMark());
      case 'a' -> append(pop(1));
      case 'e', 0x90 -> append(popMark());
      case 's' -> setItems(pop(2));
      case 'u' -> setItems(popMark());
      case 'q' -> memo.put(bytes.get() & 0xff, top());
      case 'r' -> memo.put(bytes.getInt(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(recall(bytes.get() & 0xff));
      case 'j' -> push(recall(bytes.getInt()));
      case 'c' -> push(objects.global(line(), line()));
      case 0x93 -> pushGlobal(pop(2));
      case 'Q' -> push(objects.storage((Tuple) pop()));
      case 'R', 0x81 -> reduce(pop(2));
      case 'b' -> build(pop(2));
      default ->
          throw refuse(
              bytes.position() - 1,
              String.format(
                  Locale.ROOT,
                  "has operation 0x%02x, which no state dict needs and which is not run",
                  operation));
    }
  }

  private void requireProtocol(byte protocol) {
    if (protocol < 0 || protocol > 5) {
      throw new IllegalArgumentException("must be of protocol 5 or lower, got " + protocol);
    }
  }

  private void pushGlobal(List<Object> names) {
    push(objects.global((String) names.get(0), (String) names.get(1)));
  }

  private void reduce(List<Object> call) {
    push(objects.call((TorchObjects.Global) call.get(0), ((Tuple) call.get(1)).items()));
  }

  /** State of a dict beside its items: {@code _metadata}, the versions of the layers' code. */
  private void build(List<Object> pair) {
    if (!(pair.get(0) instanceof Map)) {
      throw new IllegalArgumentException("sets the state of an object, which only a dict may have");
    }
    push(pair.get(0));
  }

  private void append(List<Object> items) {
    @SuppressWarnings("unchecked")
    List<Object> list = (List<Object>) top();
    list.addAll(items);
  }

  private void setItems(List<Object> items) {
    @SuppressWarnings("unchecked")
    Map<Object, Object> map = (Map<Object, Object>) pop();
    putAll(map, items);
  }

  private void putAll(Map<Object, Object> map, List<Object> items) {
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      // Keys whose hash takes no walk.
      if (!(key == null
          || key instanceof String
          || key instanceof Number
          || key instanceof Boolean
          || key instanceof Tuple)) {
        throw new IllegalArgumentException("has a key that is no name or number");
      }
      map.put(key, items.get(i + 1));
    }
    push(map);
  }

  private Object recall(int index) {
    if (!memo.containsKey(index)) {
      throw new IllegalArgumentException("recalls value " + index + ", which it has not stored");
    }
    return memo.get(index);
  }

  private Object integer(int length) {
    byte[] little = take(length);
    for (int i = 0; i < length / 2; i++) {
      byte swapped = little[i];
      little[i] = little[length - 1 - i];
      little[length - 1 - i] = swapped;
    }
    BigInteger value = length == 0 ? BigInteger.ZERO : new BigInteger(little);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private String text(int length) {
    return new String(take(length), StandardCharsets.UTF_8);
  }

  private String latin(int length) {
    return new String(take(length), StandardCharsets.ISO_8859_1);
  }

  private String line() {
    int start = bytes.position();
    while (bytes.get() != '\n') {
      // looks for the end
    }
    int length = bytes.position() - 1 - start;
    bytes.position(start);
    String line = text(length);
    bytes.get();
    return line;
  }

  private static int length(long length) {
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw new BufferUnderflowException();
    }
    return (int) length;
  }

  private byte[] take(int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] taken = new byte[length];
    bytes.get(taken);
    return taken;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object top() {
    Object top = stack.get(stack.size() - 1);
    if (top == MARK) {
      throw new IndexOutOfBoundsException();
    }
    return top;
  }

  private Object pop() {
    Object top = top();
    stack.remove(stack.size() - 1);
    return top;
  }

  private List<Object> pop(int count) {
    List<Object> last = stack.subList(stack.size() - count, stack.size());
    List<Object> popped = new ArrayList<>(last);
    if (popped.contains(MARK)) {
      throw new IndexOutOfBoundsException();
    }
    last.clear();
    return popped;
  }

  private List<Object> popMark() {
    int mark = stack.size() - 1;
    while (stack.get(mark) != MARK) {
      mark--;
    }
    List<Object> items = new ArrayList<>(stack.subList(mark + 1, stack.size()));
    stack.subList(mark, stack.size()).clear();
    return items;
  }
}
