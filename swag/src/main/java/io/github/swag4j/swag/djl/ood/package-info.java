/**
 * Out-of-distribution scores that need the model itself, not its predictions alone: gradients in
 * its input, features of its layers. Detectors are those of {@code
 * io.github.swag4j.calibration.ood.features}; here they get their features.
 */
package io.github.swag4j.swag.djl.ood;
