/**
 * Which rows a map or a set of thresholds was fitted on, and whether rows that are judged were
 * among them. Fingerprints only: no row can be read back.
 *
 * <p>A {@link io.github.swag4j.calibration.provenance.DataFingerprint} holds sums of {@code
 * RowHashes} (of a row with its label) and a {@code HashSample} of the smallest of them, written by
 * {@code HashSampleText}; {@code RowShapes} are hashes without the names of the classes. {@code
 * OverlapEvidence} is what a sample and other rows have in common and whether chance explains it,
 * {@link io.github.swag4j.calibration.provenance.CommonRows} the count that is told.
 */
package io.github.swag4j.calibration.provenance;
