/**
 * Out-of-distribution scores that read a layer of the network: distances, subspaces, shaped
 * activations.
 *
 * <p>Detectors are fitted on arrays of features; where these come from does not matter here.
 */
package io.github.swag4j.calibration.ood.features;
