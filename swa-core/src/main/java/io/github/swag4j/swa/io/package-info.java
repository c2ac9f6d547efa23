/** Files of weights: safetensors, written atomically and read with suspicion. */
package io.github.swag4j.swa.io;
