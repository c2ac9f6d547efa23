/**
 * Few labels and many images: the Pi model and Mean Teacher, each with SGD, SWA and fast-SWA
 * (Athiwaratkun et al. 2019), beside training on the labels alone.
 */
package io.github.swag4j.studies.semisupervised;
