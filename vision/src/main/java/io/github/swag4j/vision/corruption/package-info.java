/**
 * Images made worse by a known amount, to see how accuracy and calibration fall: noise, blur,
 * weather-like light, and what digital images suffer.
 *
 * <p>After the idea of Hendrycks and Dietterich 2019 (CIFAR-10-C), with formulas of our own, so
 * numbers are not those of their files. Each is a function of (seed, image, strength). Knows images
 * as arrays and no engine.
 */
package io.github.swag4j.vision.corruption;
