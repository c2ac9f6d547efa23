/**
 * Which columns of a table of predictions are the classes, the labels, the weights, and how labels
 * say their class: one rule for every kind of file. What cannot be told for certain is refused,
 * with the option that says it. No file is opened here; tables come as {@link
 * io.github.swag4j.calibration.io.columns.Table}. Not part of the API.
 */
package io.github.swag4j.calibration.io.columns;
