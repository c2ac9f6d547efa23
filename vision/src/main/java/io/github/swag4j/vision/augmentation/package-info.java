/**
 * What is done to training images so that there are more of them: flips and padded crops, as
 * functions of seed, epoch and row.
 *
 * <p>Knows images as arrays and no engine.
 */
package io.github.swag4j.vision.augmentation;
