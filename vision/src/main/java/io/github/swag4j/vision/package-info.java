/**
 * Images on their way into a network: batches, normalised as the training images ask for.
 *
 * <p>Where images come from is {@link io.github.swag4j.vision.data}, which networks there are
 * {@link io.github.swag4j.vision.networks}.
 */
package io.github.swag4j.vision;
