/**
 * Which images carry labels, what a batch is made of, and how images are changed before a network
 * sees them. Pure functions of seeds and counters; knows no engine.
 */
package io.github.swag4j.studies.semisupervised.images;
