/** Charts of methods held against each other. */
package io.github.swag4j.reports.comparison;
