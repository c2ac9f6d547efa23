/**
 * Files that grow, and what a monitor writes: rows as serving programs append them, whole records
 * only, over rotation, truncation and restarts. The statistics are in calibration.monitoring.
 */
package io.github.swag4j.cli.monitor;
