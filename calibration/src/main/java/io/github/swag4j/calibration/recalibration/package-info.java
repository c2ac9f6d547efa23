/**
 * Maps that make probabilities agree with frequencies, learnt on held-out rows: temperature,
 * vector, matrix and Dirichlet scaling, Platt, beta, isotonic, binning and Venn-Abers calibration.
 *
 * <p>Each method is a final class with {@code fit}, an immutable {@link
 * io.github.swag4j.calibration.recalibration.Recalibrator} that can be saved as JSON and gives the
 * same bits in another process. Fitting is deterministic. {@code RebuiltPredictions} are the rows
 * given with other probabilities; what is fitted on is {@code fit.FittingSet}. What measures the
 * effect belongs to the parent package.
 */
package io.github.swag4j.calibration.recalibration;
