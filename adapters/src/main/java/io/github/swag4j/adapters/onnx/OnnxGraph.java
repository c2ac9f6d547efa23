package io.github.swag4j.adapters.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of an ONNX file matters to who replaces its weights: initializers and where their bytes lie,
 * and batch normalisation. Field numbers are those of onnx.proto.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>
 */
final class OnnxGraph {
  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_FUNCTIONS = 25;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int FUNCTION_NODE = 7;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OPERATOR = 4;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int ATTRIBUTE_NAME = 1;
  private static final int ATTRIBUTE_INT = 3;
  private static final int ATTRIBUTE_GRAPH = 6;
  private static final int ATTRIBUTE_GRAPHS = 11;
  private static final int TENSOR_DIMS = 1;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_FLOATS = 4;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW = 9;
  private static final int TENSOR_LOCATION = 14;

  /** TensorProto.FLOAT. */
  private static final int FLOAT32 = 1;

  /** FLOAT, FLOAT16, DOUBLE, BFLOAT16. */
  private static final Set<Long> REAL = Set.of(1L, 10L, 11L, 16L);

  /**
   * A constant of the main graph.
   *
   * @param name its name
   * @param type of TensorProto.DataType
   * @param shape dimensions
   * @param from first byte of its values, -1 if they are not in one piece
   * @param length bytes of its values
   * @param outside whether the values lie in another file
   */
  record Initializer(
      String name, long type, List<Long> shape, int from, int length, boolean outside) {
    boolean isFloat32() {
      return type == FLOAT32;
    }

    /** Whether it has real numbers and is more than a single constant. */
    boolean isWeights() {
      return REAL.contains(type) && !shape.isEmpty();
    }
  }

  private static final int MOST_NESTING = 64;

  private final byte[] bytes;
  private final Map<String, Initializer> initializers = new LinkedHashMap<>();
  private final Set<String> means = new LinkedHashSet<>();
  private final Set<String> variances = new LinkedHashSet<>();
  private int hiddenNorms;
  private int trainingNorms;
  private boolean found;
  private int depth;

  OnnxGraph(byte[] bytes) {
    this.bytes = bytes;
    Wire model = new Wire(bytes, 0, bytes.length);
    while (model.next()) {
      if (model.field() == MODEL_GRAPH) {
        found = true;
        readMain(model.message());
      } else if (model.field() == MODEL_FUNCTIONS) {
        readInner(model.message(), FUNCTION_NODE);
      }
    }
    if (!found || initializers.isEmpty()) {
      throw new IllegalArgumentException(
          "the model must have weights as initializers of its graph, got none: export it with"
              + " torch.onnx.export, which keeps them so");
    }
    for (String name : initializers.keySet()) {
      // Batch norm that an exporter took apart into subtraction and division.
      if (name.endsWith("running_mean")) {
        means.add(name);
      } else if (name.endsWith("running_var")) {
        variances.add(name);
      }
    }
  }

  private void readMain(Wire graph) {
    while (graph.next()) {
      if (graph.field() == GRAPH_INITIALIZER) {
        Initializer initializer = initializer(graph.message());
        initializers.put(initializer.name(), initializer);
      } else if (graph.field() == GRAPH_NODE) {
        readNode(graph.message(), true);
      }
    }
  }

  private void readInner(Wire graph, int nodeField) {
    if (++depth > MOST_NESTING) {
      throw new IllegalArgumentException(
          "the model must have graphs inside of graphs at most "
              + MOST_NESTING
              + " deep, got more: is the file damaged?");
    }
    while (graph.next()) {
      if (graph.field() == nodeField) {
        readNode(graph.message(), false);
      }
    }
    depth--;
  }

  private void readNode(Wire node, boolean main) {
    List<String> inputs = new ArrayList<>();
    String operator = "";
    boolean training = false;
    while (node.next()) {
      switch (node.field()) {
        case NODE_INPUT -> inputs.add(node.text());
        case NODE_OPERATOR -> operator = node.text();
        case NODE_ATTRIBUTE -> training |= readAttribute(node.message());
        default -> {}
      }
    }
    if (!operator.equals("BatchNormalization")) {
      return;
    }
    trainingNorms += training ? 1 : 0;
    if (!main || inputs.size() < 5) {
      hiddenNorms++;
      return;
    }
    means.add(inputs.get(3));
    variances.add(inputs.get(4));
  }

  /** Looks into graphs inside, and says whether it is training_mode = 1. */
  private boolean readAttribute(Wire attribute) {
    String name = "";
    long value = 0;
    while (attribute.next()) {
      switch (attribute.field()) {
        case ATTRIBUTE_NAME -> name = attribute.text();
        case ATTRIBUTE_INT -> value = attribute.number();
        case ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS -> readInner(attribute.message(), GRAPH_NODE);
        default -> {}
      }
    }
    return name.equals("training_mode") && value == 1;
  }

  private static Initializer initializer(Wire tensor) {
    List<Long> shape = new ArrayList<>();
    String name = "";
    long type = 0;
    int from = -1;
    int length = 0;
    boolean outside = false;
    int pieces = 0;
    while (tensor.next()) {
      switch (tensor.field()) {
        case TENSOR_DIMS -> tensor.forEachNumber(shape::add);
        case TENSOR_TYPE -> type = tensor.number();
        case TENSOR_NAME -> name = tensor.text();
        case TENSOR_LOCATION -> outside = tensor.number() == 1;
        case TENSOR_RAW, TENSOR_FLOATS -> {
          pieces++;
          from = pieces == 1 && tensor.hasLength() ? tensor.from() : -1;
          length = tensor.length();
        }
        default -> {}
      }
    }
    return new Initializer(name, type, List.copyOf(shape), from, length, outside);
  }

  byte[] bytes() {
    return bytes;
  }

  Map<String, Initializer> initializers() {
    return initializers;
  }

  /** Names of running means. */
  Set<String> means() {
    return means;
  }

  /** Names of running variances. */
  Set<String> variances() {
    return variances;
  }

  /** Batch norm in functions or branches, whose statistics have no names out here. */
  int hiddenNorms() {
    return hiddenNorms;
  }

  /** Batch norm that was exported in training mode. */
  int trainingNorms() {
    return trainingNorms;
  }
}
