/**
 * Laplace approximations: Gaussian posteriors from the curvature of the loss at trained weights.
 *
 * <p>Plain Java over arrays: curvature comes from {@code djl.laplace}, which knows live models.
 */
package io.github.swag4j.swag.laplace;
