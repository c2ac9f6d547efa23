/**
 * Optimisers for DJL whose steps are those of torch.optim and whose state can be read and put back,
 * and the clipping of gradients by their common norm.
 *
 * <p>For training on the CPU: they work on the tensors' own memory, block by block, without
 * temporaries. What does not belong to a step of an optimiser may not enter.
 */
package io.github.swag4j.swa.djl.optim;
