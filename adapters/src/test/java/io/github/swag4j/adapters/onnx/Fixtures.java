package io.github.swag4j.adapters.onnx;

import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightMapping;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What src/test/python/make_onnx.py wrote. */
public final class Fixtures {
  public static final int MEMBERS = 3;

  private Fixtures() {}

  public static Path path(String name) {
    URL found = Objects.requireNonNull(Fixtures.class.getResource(name), name);
    try {
      return Path.of(found.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A tensor, flat. */
  static float[] values(String file, String tensor) throws IOException {
    try (TensorFile opened = WeightFiles.open(path(file))) {
      List<Long> shape = opened.entries().get(tensor).shape();
      WeightLayout layout = WeightLayout.of(List.of(new Tensor(tensor, Role.OTHER, shape)));
      return WeightMapping.byName(layout, opened, n -> n).leavingOut(n -> true).read().toArray(0);
    }
  }

  public static float[][] rows(String file, int count) throws IOException {
    float[] flat = values(file, "x");
    int width = flat.length / count;
    float[][] rows = new float[count][];
    for (int r = 0; r < count; r++) {
      rows[r] = Arrays.copyOfRange(flat, r * width, (r + 1) * width);
    }
    return rows;
  }

  /** Weights of a member, or its batch-norm statistics. */
  static Weights member(String file, int member, boolean statistics) throws IOException {
    try (TensorFile opened = WeightFiles.open(path(file))) {
      String prefix = member + "/";
      List<Tensor> tensors = new ArrayList<>();
      for (StoredTensor stored : opened.entries().values()) {
        String name = stored.name();
        if (name.startsWith(prefix) && name.contains("running_") == statistics) {
          Role role =
              name.endsWith("mean")
                  ? Role.RUNNING_MEAN
                  : name.endsWith("var") ? Role.RUNNING_VARIANCE : Role.OTHER;
          tensors.add(new Tensor(name.substring(prefix.length()), role, stored.shape()));
        }
      }
      return WeightMapping.byName(WeightLayout.of(tensors), opened, n -> prefix + n)
          .leavingOut(n -> true)
          .read();
    }
  }

  /** The tensors of a member that a layout has, in its order. */
  public static Weights member(String file, int member, WeightLayout layout) throws IOException {
    try (TensorFile opened = WeightFiles.open(path(file))) {
      return WeightMapping.byName(layout, opened, n -> member + "/" + n)
          .leavingOut(n -> true)
          .read();
    }
  }

  static List<Weights> members(String file, boolean statistics) throws IOException {
    List<Weights> members = new ArrayList<>();
    for (int m = 0; m < MEMBERS; m++) {
      members.add(member(file, m, statistics));
    }
    return members;
  }
}
