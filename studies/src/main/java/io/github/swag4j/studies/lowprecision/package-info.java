/**
 * SWALP, training in few bits with an average in many: linear regression against its closed forms,
 * logistic regression by word length, and a small network with all its numbers in eight bits.
 */
package io.github.swag4j.studies.lowprecision;
