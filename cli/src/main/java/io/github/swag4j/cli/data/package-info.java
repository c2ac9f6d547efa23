/**
 * Data sets by name or by directory: where they are looked for, and the slices embedded in the
 * program.
 *
 * <p>Files are read by {@link io.github.swag4j.vision.data}. Nothing here knows an engine, and
 * nothing is downloaded.
 */
package io.github.swag4j.cli.data;
