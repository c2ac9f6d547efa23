/**
 * Charts of files: which kinds there are, what each needs, and how it is made of predictions, of a
 * posterior or of a finished run. Reads no predictions and writes nothing: the command does.
 */
package io.github.swag4j.cli.chart;
