/** Numeric kernels shared by the packages of this module; not part of its public promise. */
package io.github.swag4j.calibration.internal;
