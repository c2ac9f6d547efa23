/**
 * Where a posterior lies in the plane of a loss surface: its leading deviations as axes, and the
 * covariance of what is drawn as ellipses. Engine-free; what the loss is there does not belong
 * here.
 */
package io.github.swag4j.swag.surface;
