/**
 * Training losses whose gradients do not depend on when Java collects garbage: every number in them
 * is an array that stays open until the batch is closed. For regression, and for the consistency of
 * predictions of images without labels.
 *
 * <p>For classification DJL's own softmax cross-entropy has no such number and is used as it is.
 */
package io.github.swag4j.swa.djl.loss;
