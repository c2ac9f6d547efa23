/**
 * Numbers of few bits, as if the hardware had them: fixed point and block floating point, nearest
 * and stochastic rounding, and where training rounds with them (SWALP, Yang et al. 2019). Plain
 * Java over arrays; no engine may enter. Products and sums stay those of float: what is simulated
 * is storage, not accumulation.
 */
package io.github.swag4j.swa.quantize;
