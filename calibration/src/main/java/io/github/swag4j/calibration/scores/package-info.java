/**
 * Scores of classifications beyond the basic proper ones: the parts of the Brier score, scores of
 * ordered classes, and what follows from counting labels against predicted classes.
 */
package io.github.swag4j.calibration.scores;
