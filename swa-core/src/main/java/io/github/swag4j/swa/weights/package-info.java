/**
 * Weights as values: which tensors a model has, in which order, and their numbers; in which
 * precision sums of them are kept.
 *
 * <p>Everything else in this module stands on this package. What changes along training, files and
 * engines may not enter.
 */
package io.github.swag4j.swa.weights;
