/**
 * How charts are drawn: figures, panels, axes, keys, colours, and the three formats they are
 * written in. Not an interface for others: it changes when a chart needs it to. Knows no chart and
 * no metric.
 */
package io.github.swag4j.reports.drawing;
