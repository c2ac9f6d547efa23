package io.github.swag4j.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The tensors of a TorchScript archive that Python says need no gradient: the engine forgets it
 * when it loads one. They are in {@code data.pkl}, written by PyTorch's C++ pickler, whose few
 * operations are all known; nothing in it is run.
 */
final class FrozenTensors {
  private static final String REBUILD = "torch._utils _rebuild_tensor_v2";
  private static final int REQUIRES_GRAD = 4;
  private static final Object MARK = new Object();

  /** An object of a class of the archive: its attributes come after it. */
  private record Module(Map<Object, Object> attributes) {}

  /** A tensor. */
  private record Tensor(boolean requiresGradient) {}

  private final ByteBuffer bytes;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private FrozenTensors(byte[] pickle) {
    this.bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Names of the tensors that need no gradient, as {@code layer.weight}; buffers among them.
   *
   * @throws IOException if the archive cannot be read
   */
  static Set<String> of(Path archive) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      ZipEntry entry =
          zip.stream()
              .filter(e -> e.getName().endsWith("/data.pkl"))
              .findFirst()
              .orElseThrow(() -> new IOException(archive + ": has no data.pkl: save it again"));
      try (InputStream in = zip.getInputStream(entry)) {
        Object root = new FrozenTensors(in.readAllBytes()).read();
        Set<String> names = new HashSet<>();
        collect("", root, names, Collections.newSetFromMap(new IdentityHashMap<>()));
        return names;
      }
    } catch (BufferUnderflowException | ClassCastException | IllegalStateException e) {
      throw new IOException(
          archive + ": data.pkl must be as torch.jit.save writes it: " + e.getMessage(), e);
    }
  }

  private static void collect(String path, Object value, Set<String> names, Set<Object> seen) {
    if (value instanceof Tensor tensor && !tensor.requiresGradient()) {
      names.add(path);
    } else if (value instanceof Module module && seen.add(module)) {
      module
          .attributes()
          .forEach(
              (name, inner) ->
                  collect(path.isEmpty() ? "" + name : path + "." + name, inner, names, seen));
    }
  }

  private Object read() {
    while (true) {
      int operation = bytes.get() & 0xff;
      if (operation == '.') {
        return stack.pop();
      }
      apply(operation);
    }
  }

  private void apply(int operation) {
    switch (operation) {
      case 0x80 -> bytes.get();
      case '(' -> stack.push(MARK);
      case 'c' -> stack.push(line() + " " + line());
      case 'q' -> memo.put(bytes.get() & 0xff, stack.peek());
      case 'r' -> memo.put(bytes.getInt(), stack.peek());
      case 'h' -> push(memo.get(bytes.get() & 0xff));
      case 'j' -> push(memo.get(bytes.getInt()));
      case 'N' -> push(null);
      case 'K' -> stack.push(bytes.get() & 0xff);
      case 'M' -> stack.push(bytes.getShort() & 0xffff);
      case 'J' -> stack.push(bytes.getInt());
      case 'G' -> stack.push(bytes.getDouble());
      case 0x8a -> stack.push(text(bytes.get() & 0xff));
      case 'X', 'B' -> stack.push(text(bytes.getInt()));
      case 0x88, 0x89 -> stack.push(operation == 0x88);
      case ')' -> stack.push(List.of());
      case 't' -> stack.push(marked());
      case 0x85, 0x86, 0x87 -> stack.push(last(operation - 0x84));
      case ']' -> stack.push(new ArrayList<>());
      case '}' -> stack.push(new LinkedHashMap<>());
      case 'a', 'Q' -> {
        // An item of a list, or the storage of a tensor: neither is asked for.
        Object item = stack.pop();
        if (operation == 'Q') {
          stack.push(List.of(item));
        }
      }
      case 'e' -> marked();
      case 's' -> items(last(2));
      case 'u' -> items(marked());
      case 'R' -> reduce((List<?>) stack.pop(), stack.pop());
      case 0x81 -> {
        last(2);
        stack.push(new Module(new LinkedHashMap<>()));
      }
      case 'b' -> build(stack.pop());
      default ->
          throw new IllegalStateException(
              "operation " + operation + " at byte " + (bytes.position() - 1) + " is not known");
    }
  }

  private void push(Object value) {
    // The deque takes no null.
    stack.push(value == null ? "None" : value);
  }

  private void reduce(List<?> arguments, Object function) {
    stack.push(
        function.equals(REBUILD)
            ? new Tensor((Boolean) arguments.get(REQUIRES_GRAD))
            : new LinkedHashMap<>());
  }

  private void build(Object state) {
    if (stack.peek() instanceof Module module && state instanceof Map<?, ?> attributes) {
      module.attributes().putAll(attributes);
    }
  }

  @SuppressWarnings("unchecked")
  private void items(List<Object> pairs) {
    if (stack.peek() instanceof Map<?, ?> map) {
      for (int i = 0; i + 1 < pairs.size(); i += 2) {
        ((Map<Object, Object>) map).put(pairs.get(i), pairs.get(i + 1));
      }
    }
  }

  private List<Object> marked() {
    List<Object> items = new ArrayList<>();
    for (Object item = stack.pop(); item != MARK; item = stack.pop()) {
      items.add(item);
    }
    Collections.reverse(items);
    return items;
  }

  private List<Object> last(int count) {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(stack.pop());
    }
    Collections.reverse(items);
    return items;
  }

  private String line() {
    StringBuilder text = new StringBuilder();
    for (byte b = bytes.get(); b != '\n'; b = bytes.get()) {
      text.append((char) b);
    }
    return text.toString();
  }

  private String text(int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalStateException("a text of " + length + " bytes goes beyond the end");
    }
    byte[] content = new byte[length];
    bytes.get(content);
    return new String(content, StandardCharsets.UTF_8);
  }
}
