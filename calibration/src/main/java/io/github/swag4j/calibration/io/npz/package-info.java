/**
 * NPY and NPZ in and out: headers, types, members. Not part of the API.
 *
 * <p>{@code NpzColumns} is one array of an archive read from its start, {@code NpzBlocks} the
 * arrays of an archive read in step, and {@code MappedNpyPair} two plain files, mapped into memory
 * and read from any place.
 */
package io.github.swag4j.calibration.io.npz;
