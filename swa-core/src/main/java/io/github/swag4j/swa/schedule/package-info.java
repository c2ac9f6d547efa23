/**
 * Learning rates as functions of training time. Immutable values in closed form: the rate at a time
 * does not depend on how training got there.
 */
package io.github.swag4j.swa.schedule;
