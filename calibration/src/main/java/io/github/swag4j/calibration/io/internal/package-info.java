/**
 * What the readers of both formats share: places in messages, usual names, memory needed. Not part
 * of the API.
 */
package io.github.swag4j.calibration.io.internal;
