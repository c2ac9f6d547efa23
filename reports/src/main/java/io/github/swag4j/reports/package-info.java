/**
 * Numbers in, charts, tables and one self-contained page out.
 *
 * <p>Charts are XChart drawings written as small SVG with real text, so that they can be read,
 * selected and restyled; a page holds them inline and needs neither network nor scripts. The same
 * input always gives the same bytes. Nothing here computes a metric that {@code
 * io.github.swag4j.calibration} defines, and nothing here runs a model.
 */
package io.github.swag4j.reports;
