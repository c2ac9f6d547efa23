/**
 * Files of weights: safetensors, written atomically and read with suspicion, and what PyTorch
 * writes, read without executing anything. Nothing here knows an engine.
 */
package io.github.swag4j.swa.io;
