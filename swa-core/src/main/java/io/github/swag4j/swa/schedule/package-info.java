/**
 * Learning rates as functions of training time. Immutable values in closed form: the rate at a time
 * does not depend on how training got there, so a run can be joined, resumed or drawn anywhere.
 *
 * <p>A schedule does not know what its unit of time is; whoever asks it (an optimiser's tracker, a
 * chart) counts epochs or steps, and says so. No engine may enter here.
 */
package io.github.swag4j.swa.schedule;
