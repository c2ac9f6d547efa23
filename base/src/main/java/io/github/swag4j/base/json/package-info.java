/**
 * Strict JSON on Gson's streaming classes, which use no reflection: a source that refuses what
 * Gson's strict reader lets pass, and objects with numbers that keep every bit. Not part of the
 * API, and not a general JSON library.
 */
package io.github.swag4j.base.json;
