/**
 * What is chosen on validation rows: the weights of a mixture of predictors, and the scale of a
 * posterior.
 *
 * <p>Both take predictions of labelled rows that no model was trained on, and know no model: what
 * is chosen is judged on rows that neither has seen. Maps learnt on such rows are in {@code
 * recalibration}.
 */
package io.github.swag4j.calibration.selection;
