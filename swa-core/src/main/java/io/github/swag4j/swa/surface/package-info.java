/**
 * Lines, planes and directions in the space of a model's weights: where the points of a loss
 * surface lie, and where a weight vector lies in the picture.
 *
 * <p>Arithmetic is in double precision; weights come out as float32. No engine, no data: what the
 * loss is at a point does not belong here.
 */
package io.github.swag4j.swa.surface;
