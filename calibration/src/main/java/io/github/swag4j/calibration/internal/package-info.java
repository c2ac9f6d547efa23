/**
 * Numeric kernels shared by the packages of this module, and the writer of whole files that reports
 * use too; not part of the public promise.
 */
package io.github.swag4j.calibration.internal;
