package io.github.swag4j.swa.djl;

import ai.djl.nn.Block;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.recurrent.RecurrentBlock;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Switches dropout off in blocks that must run in training mode. The engine has one training flag
 * for batch normalisation and dropout, and a composite block of the user's own calls its children
 * by fields nobody else sees, so they can neither be run one by one nor exchanged. A rate of 0
 * leaves all else as it is, but DJL offers no way to set it: the private field is written, and put
 * back after the pass. Reflection is used here and in {@link DropoutForward}; {@link #of} refuses
 * where it is not allowed.
 */
final class DropoutSwitch {

  private record Rate(Block layer, Field field) {}

  /** Layers that are off now, and how many passes want them so: threads share a model's layers. */
  private static final IdentityHashMap<Block, Held> OFF = new IdentityHashMap<>();

  private static final class Held {
    private final float rate;
    private int passes;

    Held(float rate) {
      this.rate = rate;
    }
  }

  private final List<Rate> rates = new ArrayList<>();

  /**
   * A switch for the dropout inside some blocks.
   *
   * @param blocks run as a whole, in training mode
   * @throws IllegalStateException if there is dropout that cannot be switched off alone
   */
  static DropoutSwitch of(List<Block> blocks) {
    DropoutSwitch found = new DropoutSwitch();
    blocks.forEach(found::add);
    return found;
  }

  private void add(Block block) {
    if (block instanceof Dropout) {
      add(block, Dropout.class, "rate");
    } else if (block instanceof RecurrentBlock) {
      add(block, RecurrentBlock.class, "dropRate");
    }
    block.getChildren().values().forEach(this::add);
  }

  private void add(Block layer, Class<?> owner, String name) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      field.getFloat(layer);
      rates.add(new Rate(layer, field));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "dropout beside batch normalisation must be switched off alone, the engine's "
              + owner.getSimpleName()
              + " does not allow it here ("
              + e.getMessage()
              + "): build the model again with Blocks.identityBlock() in the place of each Dropout"
              + " and give it these weights, parameters keep their names",
          e);
    }
  }

  /** Sets every rate to 0, until as many calls of {@link #on} as of this. */
  void off() {
    synchronized (OFF) {
      for (Rate rate : rates) {
        OFF.computeIfAbsent(rate.layer(), layer -> new Held(get(layer, rate.field()))).passes++;
        set(rate.layer(), rate.field(), 0);
      }
    }
  }

  /** Sets every rate to what it was, if no other pass wants it off. */
  void on() {
    synchronized (OFF) {
      for (Rate rate : rates) {
        Held held = OFF.get(rate.layer());
        if (held != null && --held.passes == 0) {
          OFF.remove(rate.layer());
          set(rate.layer(), rate.field(), held.rate);
        }
      }
    }
  }

  private static float get(Block layer, Field field) {
    try {
      return field.getFloat(layer);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("dropout rate cannot be read", e);
    }
  }

  private static void set(Block layer, Field field, float rate) {
    try {
      field.setFloat(layer, rate);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("dropout rate cannot be written", e);
    }
  }
}
