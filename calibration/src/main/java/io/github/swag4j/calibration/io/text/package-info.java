/**
 * What a file is by its first bytes, whatever it is called, and the text of a table as UTF-8,
 * however it is packed and encoded.
 *
 * <p>Not part of the API. Nothing here knows what a column means: readers of tables stand on this
 * package. Files of kinds that are not read are refused here, each with the way to make a file of
 * it that is.
 */
package io.github.swag4j.calibration.io.text;
