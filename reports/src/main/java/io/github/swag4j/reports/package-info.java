/** Numbers in, charts, tables and one self-contained page out. */
package io.github.swag4j.reports;
