package io.github.swag4j.swa.io;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Which tensor of a file belongs to which tensor of a layout, so that weights that PyTorch trained
 * enter a model without an engine. Nothing is dropped silently: every tensor of the layout must
 * have one of the file, and every tensor of the file must be used, or be named by who leaves it out
 * (batch norm's {@code num_batches_tracked}, which no layout has, too).
 *
 * <pre>{@code
 * try (TensorFile file = WeightFiles.open(Path.of("resnet.pt"))) {
 *   WeightMapping mapping = WeightMapping.byOrder(layout, file);
 *   System.out.println(mapping);                                   // read it
 *   Weights weights = mapping.leavingOut(n -> n.endsWith("num_batches_tracked")).read();
 * }
 * }</pre>
 *
 * <p>Immutable; uses the file when it reads.
 */
public final class WeightMapping {

  /**
   * A tensor of the layout and its tensor of the file.
   *
   * @param tensor what the model has
   * @param stored where its values come from
   */
  public record Pair(WeightLayout.Tensor tensor, StoredTensor stored) {}

  private static final int CHUNK_VALUES = 1 << 14;

  private final WeightLayout layout;
  private final TensorFile file;
  private final List<Pair> pairs;
  private final List<StoredTensor> unused;

  private WeightMapping(
      WeightLayout layout, TensorFile file, List<Pair> pairs, List<StoredTensor> unused) {
    this.layout = layout;
    this.file = file;
    this.pairs = List.copyOf(pairs);
    this.unused = List.copyOf(unused);
  }

  /**
   * Maps by name.
   *
   * @param layout what the model has
   * @param file the open file
   * @param nameInFile name in the file of a tensor of the layout; {@code UnaryOperator.identity()}
   *     if they are the same
   * @return the mapping
   * @throws WeightFormatException if a tensor is missing, is claimed twice, or has another shape or
   *     no real numbers, listing all that do
   */
  public static WeightMapping byName(
      WeightLayout layout, TensorFile file, UnaryOperator<String> nameInFile)
      throws WeightFormatException {
    List<String> problems = new ArrayList<>();
    List<Pair> pairs = new ArrayList<>();
    Map<String, String> users = new HashMap<>();
    for (WeightLayout.Tensor tensor : layout.tensors()) {
      String name = nameInFile.apply(tensor.name());
      StoredTensor stored = name == null ? null : file.entries().get(name);
      if (stored == null) {
        problems.add(describe(tensor) + " has none, looked for " + name);
      } else if (users.putIfAbsent(name, tensor.name()) != null) {
        problems.add(tensor.name() + " must not have " + name + ", " + users.get(name) + " has it");
      } else if (!fits(tensor, stored)) {
        problems.add(tensor.name() + " must have shape " + tensor.shape() + ", got " + stored);
      }
      pairs.add(new Pair(tensor, stored));
    }
    if (!problems.isEmpty()) {
      throw new WeightFormatException(
          file.file(),
          "each tensor of the model must have one in the file: "
              + String.join("; ", problems)
              + unusedWords(unused(file, pairs)));
    }
    return new WeightMapping(layout, file, pairs, unused(file, pairs));
  }

  /**
   * Maps by order: the n-th tensor of the layout is the n-th of the file that has real numbers.
   *
   * @param layout what the model has
   * @param file the open file, of a format that keeps the order of the model
   * @return the mapping; read its table before you trust it, for two tensors of the same shape may
   *     stand in another order
   * @throws WeightFormatException if the numbers of tensors or the shapes differ, with the table of
   *     both; or if the file's writer sorts tensors by name, as Python's safetensors does
   */
  public static WeightMapping byOrder(WeightLayout layout, TensorFile file)
      throws WeightFormatException {
    if (!file.keepsOrder()) {
      throw new WeightFormatException(
          file.file(),
          "must keep the order of the layers to be mapped by order, "
              + file.format()
              + " may have another (Python's safetensors sorts names, torch.export puts buffers"
              + " last): map by name, or take a PyTorch state dict");
    }
    List<StoredTensor> stored =
        file.entries().values().stream().filter(t -> t.type().isReal()).toList();
    List<Pair> pairs = new ArrayList<>();
    boolean fit = stored.size() == layout.tensors().size();
    for (int t = 0; t < Math.max(stored.size(), layout.tensors().size()); t++) {
      Pair pair =
          new Pair(
              t < layout.tensors().size() ? layout.tensor(t) : null,
              t < stored.size() ? stored.get(t) : null);
      fit &= pair.tensor() != null && pair.stored() != null && fits(pair.tensor(), pair.stored());
      pairs.add(pair);
    }
    if (!fit) {
      throw new WeightFormatException(
          file.file(),
          "tensors must have the shapes of the model's in the same order, got\n" + table(pairs));
    }
    return new WeightMapping(layout, file, pairs, unused(file, pairs));
  }

  /**
   * The pairs, in the order of the layout.
   *
   * @return an unmodifiable list
   */
  public List<Pair> pairs() {
    return pairs;
  }

  /**
   * Tensors of the file that no tensor of the layout has.
   *
   * @return an unmodifiable list; it must be empty for {@link #read}
   */
  public List<StoredTensor> unused() {
    return unused;
  }

  /**
   * The same mapping without tensors of the file that are known not to be needed.
   *
   * @param names says of a tensor's name in the file whether it may stay unused
   * @return a mapping
   */
  public WeightMapping leavingOut(Predicate<String> names) {
    return new WeightMapping(
        layout, file, pairs, unused.stream().filter(t -> !names.test(t.name())).toList());
  }

  /**
   * Reads the weights. Half precision is widened exactly, double precision rounded to the nearest
   * float.
   *
   * @return the weights
   * @throws WeightFormatException if tensors of the file are unused, naming them, or a value is not
   *     finite as a float
   * @throws IOException if reading fails
   */
  public Weights read() throws IOException {
    if (!unused.isEmpty()) {
      throw new WeightFormatException(
          file.file(), "every tensor must be used or left out by name" + unusedWords(unused));
    }
    float[][] values = new float[pairs.size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[pairs.get(t).tensor().size()];
      read(pairs.get(t).stored(), values[t]);
    }
    return Weights.adopt(layout, values);
  }

  private void read(StoredTensor stored, float[] into) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(CHUNK_VALUES * stored.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < into.length; at += CHUNK_VALUES) {
      int count = Math.min(CHUNK_VALUES, into.length - at);
      file.read(stored, at, bytes.clear().limit(count * stored.type().bytes()));
      TensorCodec.widen(stored.type(), bytes.flip(), into, at, count);
      for (int i = at; i < at + count; i++) {
        if (!Float.isFinite(into[i])) {
          throw WeightFormatException.notFinite(file.file(), stored.name(), into[i], i);
        }
      }
    }
  }

  /** The table: a line for each pair, the layout's tensor first, then what is unused. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(table(pairs));
    unused.forEach(t -> text.append("\n(unused) <- ").append(t));
    return text.toString();
  }

  private static String table(List<Pair> pairs) {
    List<String> lines = new ArrayList<>();
    for (Pair pair : pairs) {
      boolean both = pair.tensor() != null && pair.stored() != null;
      lines.add(
          (pair.tensor() == null ? "(none)" : describe(pair.tensor()))
              + " <- "
              + (pair.stored() == null ? "(none)" : pair.stored())
              + (both && !fits(pair.tensor(), pair.stored()) ? "  does not fit" : ""));
    }
    return String.join("\n", lines);
  }

  private static boolean fits(WeightLayout.Tensor tensor, StoredTensor stored) {
    return stored.type().isReal() && stored.shape().equals(tensor.shape());
  }

  private static String describe(WeightLayout.Tensor tensor) {
    return tensor.name() + " " + tensor.shape();
  }

  private static List<StoredTensor> unused(TensorFile file, List<Pair> pairs) {
    Set<String> used = new HashSet<>();
    for (Pair pair : pairs) {
      if (pair.stored() != null) {
        used.add(pair.stored().name());
      }
    }
    return file.entries().values().stream().filter(t -> !used.contains(t.name())).toList();
  }

  private static String unusedWords(List<StoredTensor> unused) {
    return unused.isEmpty()
        ? ""
        : "; unused in the file: "
            + String.join(", ", unused.stream().map(StoredTensor::toString).toList());
  }
}
