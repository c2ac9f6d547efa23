package io.github.swag4j.swa.io;

import io.github.swag4j.base.Refusal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds the state dict in what {@code torch.save} saved: the thing itself, or one of the dicts of a
 * checkpoint. Values beside it (optimizer, epoch) are not looked at; values within it that are no
 * tensors are refused, for a state dict without them would be another one.
 *
 * @param key where it is in the checkpoint, empty for the whole of it
 * @param tensors tensors by name
 */
record StateDict(String key, Map<String, TensorView> tensors) {

  /** What checkpoints call it. */
  private static final List<String> USUAL = List.of("state_dict", "model_state_dict", "model");

  /** Words for people. */
  String format(String what) {
    return key.isEmpty() ? what : what + " at " + key;
  }

  /**
   * Finds it.
   *
   * @param file the file, for messages
   * @param saved what was saved
   * @param key where it is, names of nested dicts divided by dots; empty for the only one there is
   * @return where it is, and its tensors by name
   * @throws WeightFormatException if there is none, or several, naming them
   */
  static StateDict find(Path file, Object saved, Optional<String> key)
      throws WeightFormatException {
    if (!(saved instanceof Map<?, ?> top)) {
      throw new WeightFormatException(
          file,
          (saved instanceof TensorView ? "holds a tensor" : "holds no dict")
              + ", it must hold a state dict: save it with torch.save(model.state_dict(), FILE)");
    }
    if (key.isPresent()) {
      return at(file, top, key.get());
    }
    TreeSet<String> found = new TreeSet<>();
    for (Map.Entry<?, ?> e : top.entrySet()) {
      if (e.getKey() instanceof String name
          && e.getValue() instanceof Map<?, ?> map
          && countTensors(map) > 0
          && map.keySet().stream().allMatch(String.class::isInstance)) {
        found.add(name);
      }
    }
    long tensors = countTensors(top);
    if (tensors == top.size() && tensors > 0) {
      return tensors(file, top, "");
    }
    // A tensor beside a dict called otherwise may be part of what is looked for.
    if (found.size() == 1 && (tensors == 0 || USUAL.contains(found.first()))) {
      return tensors(file, (Map<?, ?>) top.get(found.first()), found.first());
    }
    if (!found.isEmpty()) {
      throw new WeightFormatException(
          file,
          Refusal.of(
              "holds several dicts of tensors, " + found + ": ", WeightFileRemedy.WHICH_KEY));
    }
    if (tensors > 0) {
      return tensors(file, top, "");
    }
    throw new WeightFormatException(
        file, "holds no dict of tensors, its dict has " + names(top) + ": save the state dict");
  }

  private static StateDict at(Path file, Map<?, ?> top, String key) throws WeightFormatException {
    if (top.get(key) instanceof Map<?, ?> map) {
      return tensors(file, map, key);
    }
    Map<?, ?> map = top;
    for (String name : key.split("\\.", -1)) {
      if (!(map.get(name) instanceof Map<?, ?> inner)) {
        throw new WeightFormatException(
            file, "must have a dict at " + key + ", " + name + " is not one of " + names(map));
      }
      map = inner;
    }
    return tensors(file, map, key);
  }

  private static StateDict tensors(Path file, Map<?, ?> map, String key)
      throws WeightFormatException {
    Map<String, TensorView> tensors = new LinkedHashMap<>();
    for (Map.Entry<?, ?> e : map.entrySet()) {
      String place = key.isEmpty() ? "the state dict" : key;
      if (!(e.getKey() instanceof String name)) {
        throw new WeightFormatException(
            file, place + " must have names for keys: it is not a state dict");
      }
      if (!(e.getValue() instanceof TensorView tensor)) {
        throw new WeightFormatException(
            file,
            Refusal.of(
                place
                    + " must hold tensors only, "
                    + name
                    + " is none: save the model's state dict by itself, or ",
                WeightFileRemedy.ITS_KEY));
      }
      tensors.put(name, tensor);
    }
    if (tensors.isEmpty()) {
      throw new WeightFormatException(file, "has no tensors");
    }
    return new StateDict(key, tensors);
  }

  private static long countTensors(Map<?, ?> map) {
    return map.values().stream().filter(TensorView.class::isInstance).count();
  }

  private static List<String> names(Map<?, ?> map) {
    return map.keySet().stream()
        .limit(20)
        .map(k -> k instanceof PickleReader.Tuple ? "(...)" : String.valueOf(k))
        .toList();
  }
}
