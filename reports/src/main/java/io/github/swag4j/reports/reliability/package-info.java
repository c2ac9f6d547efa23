/**
 * Charts of how far confidences can be trusted: reliability diagrams, by method and by class, the
 * curve of the SWAG paper, and temperature.
 */
package io.github.swag4j.reports.reliability;
