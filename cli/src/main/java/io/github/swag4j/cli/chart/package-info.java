/**
 * Charts of files: which kinds there are, what each needs, and how it is made of predictions or of
 * a posterior. Reads no predictions and writes nothing: the command does.
 */
package io.github.swag4j.cli.chart;
