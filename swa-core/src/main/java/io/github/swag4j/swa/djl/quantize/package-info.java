/**
 * Training of DJL networks whose numbers have few bits: where the formats of {@code
 * io.github.swag4j.swa.quantize} meet the engine.
 */
package io.github.swag4j.swa.djl.quantize;
