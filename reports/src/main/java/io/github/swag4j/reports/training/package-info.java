/** Charts of a training run. */
package io.github.swag4j.reports.training;
