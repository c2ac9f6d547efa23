/** Charts of the loss in the space of weights: over planes, along lines, around solutions. */
package io.github.swag4j.reports.surface;
