/**
 * Snapshots: weight vectors collected along training and kept on disk, to predict together (FGE,
 * snapshot ensembles) or to be averaged later.
 *
 * <p>One file a snapshot, whole or absent; one is in memory at a time. No engine may enter here.
 */
package io.github.swag4j.swa.snapshot;
