package io.github.swag4j.swa.surface;

/**
 * Where a weight vector lies in a plane: its foot in the plane, and how far from it the vector is.
 *
 * @param x along the first axis, in units of weights
 * @param y along the second axis, in units of weights
 * @param distance Euclidean distance of the vector from its foot, at least 0; 0 in the plane
 */
public record PlanePlace(double x, double y, double distance) {}
