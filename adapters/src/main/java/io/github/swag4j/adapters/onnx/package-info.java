/**
 * ONNX Runtime: its outputs as predictions, and Bayesian model averages of its models without any
 * other engine. Needs {@code com.microsoft.onnxruntime:onnxruntime} and, for the averages, swag4j's
 * {@code swag}; nothing here loads DJL.
 */
package io.github.swag4j.adapters.onnx;
