/**
 * One pass over rows of any number: sums that merge bit for bit in any order, and every fixed-bin
 * metric read from them.
 *
 * <p>{@code LabelledRows} is what a caller gives, {@code SketchInput} the arrays in it and {@code
 * SketchInputRules} what they must keep to; {@code SketchTerms} is what one row adds to the sums,
 * {@code SketchContents} the sums of all of them, which {@code SketchReader} and {@code
 * SketchParts} return and {@code CalibrationSketch} owns.
 *
 * <p>A sketch is the size of its bins, whatever the number of rows. What needs the rows themselves
 * (sorting, resampling) does not belong here.
 */
package io.github.swag4j.calibration.sketch;
