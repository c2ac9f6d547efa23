/**
 * How the rooms for DJL reach the values of its tensors. Public for the neighbours' sake only: no
 * part of the interface, and may change with any version.
 */
package io.github.swag4j.swa.djl.internal;
