/**
 * Which rows a map or a set of thresholds was fitted on, and whether rows that are judged were
 * among them. Fingerprints only: no row can be read back.
 */
package io.github.swag4j.calibration.provenance;
