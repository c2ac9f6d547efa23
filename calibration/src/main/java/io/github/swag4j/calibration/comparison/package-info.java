/**
 * Is the difference real? Bootstrap intervals for any metric, paired comparisons of methods judged
 * on the same rows, results by group, and the corrections that several comparisons need.
 *
 * <p>Every replicate is a pure function of (seed, replicate number), so results do not depend on
 * threads. How a metric is computed belongs to the packages that own the metrics; here it is only
 * evaluated again on resampled rows and posterior draws.
 *
 * <p>{@code CanonicalOrder} is the order in which draws take the rows, {@code Replicate} the
 * predictions of one bootstrap draw, {@code JackknifeBlocks} the rows left out together; {@code
 * RowResamples}, {@code RowAndDrawResamples} and {@code DifferenceResamples} are a metric on such
 * draws. {@code Pairing} checks that two methods were judged on the same rows, {@code PairedOrder}
 * is the order of both; {@code RowMean} is a metric that is the mean of a number of each row.
 */
package io.github.swag4j.calibration.comparison;
