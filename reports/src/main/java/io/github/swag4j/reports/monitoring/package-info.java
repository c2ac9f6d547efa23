/** Charts of a served model over time. */
package io.github.swag4j.reports.monitoring;
