package io.github.swag4j.swag.laplace;

/**
 * H = G (x) A, the Kronecker-factored curvature of a layer (KFAC). With inputs a (1 appended where
 * there is a bias), gradients g of the loss in the layer's outputs, N rows and T places at which
 * the layer is applied to each (1 for a linear layer, the positions of a convolution's kernel):
 *
 * <pre>
 *   A = 1/(N T) sum_{n,t} a a^T     [columns][columns]
 *   G = sum_{n,t} g g^T             [outputs][outputs]
 * </pre>
 *
 * <p>That is KFAC's A and G for T = 1, KFC's factors for convolutions (Omega = T A, Gamma = G / (N
 * T), H = N Gamma (x) Omega), and the "expand" way of curvlinops and laplace-torch. Two differences
 * to those: laplace-torch has weight and bias in blocks of their own, here they share one, as in
 * the papers; and asdl and BackPACK put N into the other factor, which the product does not show.
 *
 * @see <a href="https://arxiv.org/abs/1503.05671">Martens and Grosse 2015, eq. 1</a>
 * @see <a href="https://arxiv.org/abs/1602.01407">Grosse and Martens 2016, theorem 1</a>
 */
public final class KroneckerCurvature implements LayerCurvature {
  private final LaplaceLayer layer;
  private final double[] inputs;
  private final double[] outputs;
  private final SymmetricEigen inputEigen;
  private final SymmetricEigen outputEigen;

  private KroneckerCurvature(LaplaceLayer layer, double[] inputs, double[] outputs) {
    this.layer = layer;
    this.inputs = inputs;
    this.outputs = outputs;
    this.inputEigen = SymmetricEigen.ofPositive(inputs, layer.columns());
    this.outputEigen = SymmetricEigen.ofPositive(outputs, layer.outputs());
  }

  /**
   * A curvature; decomposes both factors, which costs about 6 n^3 operations for each order n.
   *
   * @param layer the layer
   * @param inputs A, {@code [columns][columns]} row-major; copied
   * @param outputs G, {@code [outputs][outputs]} row-major; copied
   * @return the curvature
   * @throws IllegalArgumentException if a factor is too large, of another size, not finite or not
   *     symmetric
   */
  public static KroneckerCurvature of(LaplaceLayer layer, double[] inputs, double[] outputs) {
    requireFits(layer);
    return new KroneckerCurvature(
        layer,
        CurvatureChecks.symmetric("input factor of layer " + layer.name(), inputs, layer.columns()),
        CurvatureChecks.symmetric(
            "output factor of layer " + layer.name(), outputs, layer.outputs()));
  }

  /**
   * Checks that a layer's factors are small enough.
   *
   * @param layer the layer
   * @throws IllegalArgumentException if a factor would be of an order above 8,192
   */
  public static void requireFits(LaplaceLayer layer) {
    if (Math.max(layer.columns(), layer.outputs()) > CurvatureChecks.MOST) {
      throw new IllegalArgumentException(
          "a Kronecker factor must be of an order of at most "
              + CurvatureChecks.MOST
              + ", layer "
              + layer.name()
              + " has "
              + layer.columns()
              + " and "
              + layer.outputs()
              + ": use a diagonal Laplace approximation, or freeze the layer");
    }
  }

  @Override
  public LaplaceLayer layer() {
    return layer;
  }

  /**
   * Factor A of the layer's inputs.
   *
   * @return {@code [columns][columns]}, a copy
   */
  public double[] inputs() {
    return inputs.clone();
  }

  /**
   * Factor G of the gradients in the layer's outputs.
   *
   * @return {@code [outputs][outputs]}, a copy
   */
  public double[] outputs() {
    return outputs.clone();
  }

  SymmetricEigen inputEigen() {
    return inputEigen;
  }

  SymmetricEigen outputEigen() {
    return outputEigen;
  }
}
