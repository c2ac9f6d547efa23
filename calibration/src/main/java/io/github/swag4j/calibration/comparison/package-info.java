/**
 * Is the difference real? Bootstrap intervals for any metric, paired comparisons of methods judged
 * on the same rows, results by group, and the corrections that several comparisons need.
 *
 * <p>Every replicate is a pure function of (seed, replicate number), so results do not depend on
 * threads. How a metric is computed belongs to the packages that own the metrics; here it is only
 * evaluated again on resampled rows and posterior draws.
 */
package io.github.swag4j.calibration.comparison;
