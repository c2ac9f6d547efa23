/**
 * Turns the documentation into pages that open from a folder, and looks at their links. Runs while
 * a release is built; nothing of it is released.
 */
package io.github.swag4j.site;
