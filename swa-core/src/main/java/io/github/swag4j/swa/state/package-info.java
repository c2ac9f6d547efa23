/**
 * Where training stands: how far it has come, and arrays and numbers by name that make it go on as
 * if it had never been interrupted.
 *
 * <p>Values only: how they get into files or models is said elsewhere.
 */
package io.github.swag4j.swa.state;
