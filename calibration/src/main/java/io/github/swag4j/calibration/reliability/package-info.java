/**
 * What a reliability diagram is drawn from besides its bars: intervals for a proportion, bands
 * under perfect calibration, the isotonic (CORP) curve and the SWAG paper's curve. Numbers only;
 * drawing belongs to other modules.
 */
package io.github.swag4j.calibration.reliability;
