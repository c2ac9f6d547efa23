/**
 * Loss surfaces of a finished run: which weight vectors they go through, their evaluation, and the
 * files and charts they leave in the run's folder {@code surfaces}.
 */
package io.github.swag4j.cli.surface;
