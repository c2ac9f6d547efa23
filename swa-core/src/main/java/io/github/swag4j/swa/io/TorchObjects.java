package io.github.swag4j.swa.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * The few classes and functions that a pickle of weights may name, and what they make: PyTorch's
 * tensors and parameters, ordered dicts, and values that a checkpoint holds beside its weights. The
 * list is closed; what is not on it is refused.
 */
final class TorchObjects {

  /** A class or function on the list. */
  record Global(String module, String name) {
    @Override
    public String toString() {
      return module + "." + name;
    }
  }

  private static final Set<String> DICTS = Set.of("collections.OrderedDict", "collections.Counter");
  private static final Set<String> REBUILDERS =
      Set.of(
          "torch._utils._rebuild_tensor",
          "torch._utils._rebuild_tensor_v2",
          "torch._utils._rebuild_tensor_v3",
          "torch._utils._rebuild_parameter",
          "torch._utils._rebuild_parameter_with_state");
  private static final Set<String> UNTYPED =
      Set.of("torch.storage.UntypedStorage", "torch.UntypedStorage");

  /** What a checkpoint has beside weights; kept for nothing but to read past it. */
  private static final Set<String> BESIDES =
      Set.of(
          "torch.Size",
          "torch.device",
          "torch.complex32",
          "torch.complex128",
          "_codecs.encode",
          "builtins.set",
          "builtins.frozenset",
          "builtins.complex",
          "builtins.bytearray",
          "__builtin__.set",
          "__builtin__.frozenset",
          "__builtin__.complex",
          "__builtin__.bytearray");

  private static final Map<String, TensorType> STORAGES =
      Map.ofEntries(
          Map.entry("torch.DoubleStorage", TensorType.F64),
          Map.entry("torch.FloatStorage", TensorType.F32),
          Map.entry("torch.HalfStorage", TensorType.F16),
          Map.entry("torch.BFloat16Storage", TensorType.BF16),
          Map.entry("torch.LongStorage", TensorType.I64),
          Map.entry("torch.IntStorage", TensorType.I32),
          Map.entry("torch.ShortStorage", TensorType.I16),
          Map.entry("torch.CharStorage", TensorType.I8),
          Map.entry("torch.ByteStorage", TensorType.U8),
          Map.entry("torch.BoolStorage", TensorType.BOOL),
          Map.entry("torch.ComplexFloatStorage", TensorType.C64));

  /** A storage of values of a type, or of bytes. */
  private record TypedStorage(TensorView.Storage storage, Optional<TensorType> type) {}

  private final ToLongFunction<String> sizes;
  private final Map<String, TensorView.Storage> storages = new LinkedHashMap<>();
  private final Map<String, Integer> valueBytes = new LinkedHashMap<>();

  /**
   * Objects over the storages of a file.
   *
   * @param sizes number of bytes the file has for a storage, or -1 if it is told by the pickle only
   */
  TorchObjects(ToLongFunction<String> sizes) {
    this.sizes = sizes;
  }

  Global global(String module, String name) {
    Global global = new Global(module, name);
    String full = global.toString();
    boolean known =
        DICTS.contains(full)
            || REBUILDERS.contains(full)
            || UNTYPED.contains(full)
            || BESIDES.contains(full)
            || STORAGES.containsKey(full)
            || module.equals("torch") && TensorType.of(name).isPresent();
    if (!known) {
      throw new IllegalArgumentException(
          "names "
              + full
              + ", which weights do not need and which is not run: save the state dict alone,"
              + " torch.save(model.state_dict(), FILE)");
    }
    return global;
  }

  /** What {@code function(*arguments)} gives in Python. */
  Object call(Global function, List<Object> arguments) {
    String name = function.toString();
    if (DICTS.contains(name)) {
      return dict(arguments);
    }
    switch (name) {
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
        return (TensorView) arguments.get(0);
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
        requirePlain(arguments, 6);
        return tensor(arguments, Optional.empty());
      case "torch._utils._rebuild_tensor_v3":
        requirePlain(arguments, 7);
        Global type = (Global) arguments.get(6);
        return tensor(arguments, TensorType.of(type.name()));
      case "torch.Size":
        return arguments.get(0);
      default:
        if (BESIDES.contains(name)) {
          return function;
        }
        throw new IllegalArgumentException("calls " + name + ", which nothing needs");
    }
  }

  /** The storage of a persistent id ("storage", type, key, location, number of values, view). */
  Object storage(PickleReader.Tuple id) {
    List<Object> parts = id.items();
    if (!"storage".equals(parts.get(0))) {
      throw new IllegalArgumentException("refers to something outside that is no storage");
    }
    if (parts.size() > 5 && parts.get(5) != null) {
      throw new IllegalArgumentException(
          "has storages that are parts of others, as torch did before 0.4: save it again");
    }
    Global type = (Global) parts.get(1);
    String key = (String) parts.get(2);
    boolean untyped = UNTYPED.contains(type.toString());
    TensorType values = STORAGES.get(type.toString());
    if (!untyped && values == null) {
      throw new IllegalArgumentException("has a storage of " + type);
    }
    long bytes = Math.multiplyExact((Long) parts.get(4), untyped ? 1L : values.bytes());
    long there = sizes.applyAsLong(key);
    if (bytes < 0 || there >= 0 && there != bytes) {
      throw new IllegalArgumentException(
          "says that storage " + key + " has " + bytes + " bytes, the file has " + there);
    }
    TensorView.Storage storage = new TensorView.Storage(key, bytes);
    TensorView.Storage before = storages.put(key, storage);
    valueBytes.put(key, untyped ? 1 : values.bytes());
    if (before != null && !before.equals(storage)) {
      throw new IllegalArgumentException("has two sizes for storage " + key);
    }
    return new TypedStorage(storage, Optional.ofNullable(values));
  }

  /** The storages named so far, by key. */
  Map<String, TensorView.Storage> storages() {
    return storages;
  }

  /** Size of a value of a storage, as it was named last. */
  int valueBytes(String key) {
    return valueBytes.get(key);
  }

  private static TensorView tensor(List<Object> arguments, Optional<TensorType> type) {
    TypedStorage storage = (TypedStorage) arguments.get(0);
    TensorType values =
        type.or(storage::type)
            .orElseThrow(() -> new IllegalArgumentException("has a tensor without a type"));
    return new TensorView(
        storage.storage(),
        values,
        (Long) arguments.get(1),
        numbers(arguments.get(2)),
        numbers(arguments.get(3)));
  }

  /** Flags of lazily conjugated or negated values change the numbers. */
  private static void requirePlain(List<Object> arguments, int flags) {
    if (arguments.size() > flags
        && arguments.get(flags) instanceof Map<?, ?> map
        && !map.isEmpty()) {
      throw new IllegalArgumentException("has a conjugated or negated tensor: save its .clone()");
    }
  }

  private static List<Long> numbers(Object tuple) {
    List<Long> numbers = new ArrayList<>();
    for (Object number : ((PickleReader.Tuple) tuple).items()) {
      numbers.add((Long) number);
    }
    return numbers;
  }

  private static Map<Object, Object> dict(List<Object> arguments) {
    Map<Object, Object> dict = new LinkedHashMap<>();
    if (arguments.isEmpty()) {
      return dict;
    }
    if (arguments.get(0) instanceof Map<?, ?> items) {
      dict.putAll(items);
      return dict;
    }
    for (Object pair : (List<?>) arguments.get(0)) {
      List<?> items = pair instanceof PickleReader.Tuple tuple ? tuple.items() : (List<?>) pair;
      dict.put((String) items.get(0), items.get(1));
    }
    return dict;
  }
}
