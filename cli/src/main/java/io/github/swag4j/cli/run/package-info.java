/**
 * A run from data to results: configuration, training, prediction, and the directory that holds
 * them.
 *
 * <p>Nothing here prints or knows an option: commands do.
 */
package io.github.swag4j.cli.run;
