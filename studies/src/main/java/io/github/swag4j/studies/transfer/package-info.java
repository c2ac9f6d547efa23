/**
 * Transfer: a network trained on one image set, fine-tuned on few or many images of another with
 * SGD, SWA and SWAG, and trained on for a few epochs with SWA where it was.
 */
package io.github.swag4j.studies.transfer;
