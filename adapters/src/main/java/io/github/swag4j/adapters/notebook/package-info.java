/**
 * Charts and tables that show themselves in a Java notebook. Needs swag4j's {@code reports}; the
 * notebook's kernel brings its own classes.
 */
package io.github.swag4j.adapters.notebook;
