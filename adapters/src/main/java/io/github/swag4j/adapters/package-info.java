/**
 * Adapters to libraries that other Java people have, a package a library. Each needs its library on
 * the class path and none of the others: all of them are optional dependencies.
 */
package io.github.swag4j.adapters;
