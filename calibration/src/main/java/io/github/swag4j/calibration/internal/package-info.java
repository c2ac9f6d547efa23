/** Small numeric kernels that the other packages share; not part of the API. */
package io.github.swag4j.calibration.internal;
