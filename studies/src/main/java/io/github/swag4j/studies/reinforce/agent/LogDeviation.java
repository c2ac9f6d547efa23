package io.github.swag4j.studies.reinforce.agent;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.util.PairList;

/** Logarithms of standard deviations, 0 at first: the spread of a policy that no state changes. */
final class LogDeviation extends AbstractBlock {
  private final Parameter parameter;
  private final int numbers;

  LogDeviation(int numbers) {
    this.numbers = numbers;
    this.parameter =
        addParameter(
            Parameter.builder()
                .setName("logDeviation")
                .setType(Parameter.Type.OTHER)
                .optShape(new Shape(numbers))
                .optInitializer(new ConstantInitializer(0))
                .build());
  }

  Parameter parameter() {
    return parameter;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> options) {
    return new NDList(store.getValue(parameter, inputs.head().getDevice(), training));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(numbers)};
  }
}
