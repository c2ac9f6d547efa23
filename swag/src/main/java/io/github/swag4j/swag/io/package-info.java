/**
 * Posteriors in files: safetensors with metadata, validated before use. No model and no engine is
 * needed to read one.
 */
package io.github.swag4j.swag.io;
