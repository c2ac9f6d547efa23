/**
 * One pass over rows of any number: sums that merge bit for bit in any order, and every fixed-bin
 * metric read from them.
 *
 * <p>A sketch is the size of its bins, whatever the number of rows. What needs the rows themselves
 * (sorting, resampling) does not belong here.
 */
package io.github.swag4j.calibration.sketch;
