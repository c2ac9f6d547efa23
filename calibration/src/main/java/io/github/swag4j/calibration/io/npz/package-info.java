/** NPY and NPZ in and out: headers, types, members, mapped rows. Not part of the API. */
package io.github.swag4j.calibration.io.npz;
