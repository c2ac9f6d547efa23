/**
 * What the rooms for DJL share. Public for the neighbours' sake only: no part of the interface, and
 * may change with any version.
 */
package io.github.swag4j.swag.djl.internal;
