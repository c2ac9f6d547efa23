/**
 * Networks as blocks of DJL, by name: what the program trains, for use in programs of one's own.
 *
 * <p>Blocks have no values until they are initialised, and are built of DJL's own layers only, so
 * that everything that takes a model apart (dropout in prediction, folding, Laplace) can.
 */
package io.github.swag4j.vision.networks;
