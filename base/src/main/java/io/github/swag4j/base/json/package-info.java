/**
 * A small strict JSON reader and writer for fitted values: objects, arrays of numbers or strings,
 * numbers that keep every bit. Not part of the API, and not a general JSON library.
 */
package io.github.swag4j.base.json;
