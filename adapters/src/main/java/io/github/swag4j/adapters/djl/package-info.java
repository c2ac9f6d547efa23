/**
 * DJL's predictors and DJL Serving: classifications as predictions, and models that answer with
 * Bayesian averages of a posterior file. Needs DJL's PyTorch engine and swag4j's {@code swag}.
 */
package io.github.swag4j.adapters.djl;
