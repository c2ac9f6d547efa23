/**
 * The averaging engine on live DJL models: moving weights in and out, collecting along a training
 * loop, recomputing batch-normalisation statistics, TorchScript archives in and out.
 *
 * <p>Arithmetic on weights does not belong here; it is done on arrays in {@code
 * io.github.swag4j.swa}.
 */
package io.github.swag4j.swa.djl;
