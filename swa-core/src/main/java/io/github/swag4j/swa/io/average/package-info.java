/**
 * Averages of weights that lie in files, block by block, without a model or an engine: the memory
 * taken depends on neither the number nor the size of the files.
 */
package io.github.swag4j.swa.io.average;
