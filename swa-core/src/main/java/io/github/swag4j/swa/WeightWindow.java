package io.github.swag4j.swa;

import io.github.swag4j.swa.internal.BlockCut;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.internal.CollectorFile;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.weights.WeightLayout;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/** The last weights of a run in a ring: the newest overwrite the oldest. */
final class WeightWindow {
  private static final String PART = "weights.";

  private final BlockCut cut;
  private final float[][][] ring;
  private long added;

  WeightWindow(BlockCut cut, int size) {
    this.cut = cut;
    this.ring = new float[size][][];
  }

  BlockCut cut() {
    return cut;
  }

  void add(FloatBuffer[] views) {
    int slot = (int) (added % ring.length);
    if (ring[slot] == null) {
      ring[slot] = Blocks.allocate(cut.layout());
    }
    float[][] target = ring[slot];
    Blocks.forEach(
        cut.layout(),
        (tensor, from, to) -> views[tensor].get(from, target[tensor], from, to - from));
    added++;
  }

  /** Sums in float64, oldest first; statistics that are copied are those of the newest. */
  float[][] mean(Buffers buffers) {
    int held = (int) Math.min(added, ring.length);
    float[][] out = Blocks.allocate(cut.layout());
    Blocks.forEach(
        cut.layout(),
        (tensor, from, to) -> {
          WeightLayout.Role role = cut.layout().tensor(tensor).role();
          boolean statistic =
              role == WeightLayout.Role.RUNNING_MEAN || role == WeightLayout.Role.RUNNING_VARIANCE;
          int first = statistic && buffers == Buffers.COPIED ? held - 1 : 0;
          double[] sums = new double[to - from];
          for (int k = first; k < held; k++) {
            float[] values = ring[(int) ((added - held + k) % ring.length)][tensor];
            for (int i = 0; i < sums.length; i++) {
              sums[i] += values[from + i];
            }
          }
          for (int i = 0; i < sums.length; i++) {
            out[tensor][from + i] = (float) (sums[i] / (held - first));
          }
        });
    return out;
  }

  void addTo(SafeTensorsWriter writer) {
    for (int k = 0; k < ring.length && ring[k] != null; k++) {
      CollectorFile.add(writer, PART + k, cut.layout(), ring[k]);
    }
  }

  static WeightWindow read(Path file, SafeTensors opened, int size, long count) throws IOException {
    WeightLayout layout = CollectorFile.layout(file, opened, PART + 0);
    WeightWindow window = new WeightWindow(new BlockCut(layout), size);
    window.added = count;
    for (int k = 0; k < Math.min(count, size); k++) {
      window.ring[k] = CollectorFile.tensors(file, opened, PART + k, layout);
    }
    return window;
  }
}
