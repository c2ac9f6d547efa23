package io.github.swag4j.cli.monitor;

/**
 * A whole record of a text file, without its line end.
 *
 * @param text the record; it may have line ends inside quotes
 * @param line line of the file it starts on, from 1
 * @param first whether it is the first of its file
 */
record TextRecord(String text, long line, boolean first) {}
