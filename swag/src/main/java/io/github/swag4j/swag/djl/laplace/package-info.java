/**
 * Laplace approximations of live DJL models: curvature in, {@code swag.laplace} posteriors out.
 *
 * <p>Arithmetic of the posteriors is in {@code swag.laplace}; only what must run the model is here.
 */
package io.github.swag4j.swag.djl.laplace;
