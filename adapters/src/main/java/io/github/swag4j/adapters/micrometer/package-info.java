/** The monitor's numbers as meters. Needs {@code io.micrometer:micrometer-core}. */
package io.github.swag4j.adapters.micrometer;
