package io.github.swag4j.swa.djl;

import ai.djl.nn.Block;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.recurrent.RecurrentBlock;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * Switches dropout off in blocks that must run in training mode. The engine has one training flag
 * for batch normalisation and dropout, and a composite block of the user's own calls its children
 * by fields nobody else sees, so they can neither be run one by one nor exchanged. A rate of 0
 * leaves all else as it is, but DJL offers no way to set it: the private field is written, and put
 * back after the pass. This is the only reflection in the library, and {@link #of} refuses where it
 * is not allowed.
 */
final class DropoutSwitch {

  private record Rate(Block layer, Field field, float value) {}

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
      rates.add(new Rate(layer, field, field.getFloat(layer)));
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

  /** Sets every rate to 0. */
  void off() {
    rates.forEach(rate -> set(rate, 0));
  }

  /** Sets every rate to what it was. */
  void on() {
    rates.forEach(rate -> set(rate, rate.value()));
  }

  private static void set(Rate rate, float value) {
    try {
      rate.field().setFloat(rate.layer(), value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("dropout rate was readable and is not writable", e);
    }
  }
}
