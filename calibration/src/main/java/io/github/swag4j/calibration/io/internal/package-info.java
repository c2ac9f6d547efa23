/**
 * What the readers of both formats share: places in messages, usual names, memory needed, parts
 * worked on in order. Not part of the API.
 *
 * <p>{@code LogitCheck} refuses distributions that are to be read as logits.
 */
package io.github.swag4j.calibration.io.internal;
