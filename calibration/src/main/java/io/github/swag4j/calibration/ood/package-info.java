/**
 * Out-of-distribution detection: scores of rows and of features, and how well a score separates two
 * samples.
 *
 * <p>A higher score always means more out-of-distribution, and out-of-distribution is always the
 * positive class. What needs an engine (perturbed inputs, gradients) does not belong here.
 */
package io.github.swag4j.calibration.ood;
