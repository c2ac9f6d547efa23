package io.github.swag4j.swag.djl.laplace;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.IdentityHashMap;

/**
 * A model's weights under other names for the same memory, so that backward passes neither compute
 * nor leave gradients in the live parameters. Some can be leaves whose gradients are wanted.
 */
final class FrozenParameters extends ParameterStore {
  private final NDManager manager;
  private final IdentityHashMap<Parameter, NDArray> aliases = new IdentityHashMap<>();

  /**
   * Aliases, made when they are asked for.
   *
   * @param manager what they are attached to
   */
  FrozenParameters(NDManager manager) {
    super(manager, false);
    this.manager = manager;
  }

  /** Makes a parameter a leaf of the graph; gradients are those of its uses since. */
  NDArray leaf(Parameter parameter) {
    NDArray alias = alias(parameter);
    alias.setRequiresGradient(true);
    aliases.put(parameter, alias);
    return alias;
  }

  private NDArray alias(Parameter parameter) {
    NDArray alias = parameter.getArray().stopGradient();
    alias.attach(manager);
    return alias;
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    return parameter == null ? null : aliases.computeIfAbsent(parameter, this::alias);
  }
}
