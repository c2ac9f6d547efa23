/**
 * Spark for the option {@code --master}: where it is, and a process of its driver that does what a
 * request says. No class of Spark is known here; it runs in a process of its own alone.
 */
package io.github.swag4j.cli.cluster;
