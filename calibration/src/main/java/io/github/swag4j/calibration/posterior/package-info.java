/**
 * What several posterior draws say about a row: expected entropy, mutual information, spread, and
 * whether the number of draws is enough.
 *
 * <p>How draws are made belongs to the module of posteriors.
 */
package io.github.swag4j.calibration.posterior;
