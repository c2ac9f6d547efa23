/** Charts of a posterior over weights and of its samples. */
package io.github.swag4j.reports.posterior;
