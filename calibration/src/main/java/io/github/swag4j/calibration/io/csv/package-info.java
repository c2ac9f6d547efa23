/**
 * CSV in and out: records, decimals, headers, parallel parts. Not part of the API.
 *
 * <p>{@code CsvRecords} are the lines of the file as fields of text, {@code CsvColumns} the numbers
 * read from them, one array for each kind of column, {@code UnnamedColumns} those that number or
 * name the rows and are not read, and {@code CsvParts} the stretches of lines that threads share
 * out.
 */
package io.github.swag4j.calibration.io.csv;
