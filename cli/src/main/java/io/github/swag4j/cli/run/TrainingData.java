package io.github.swag4j.cli.run;

import ai.djl.ndarray.types.Shape;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.augmentation.Augmentation;

/**
 * What a training is fed with.
 *
 * @param train rows to train on
 * @param validation rows to watch it by, perhaps none
 * @param validationLabels their classes
 * @param inputShape shape of a batch of one image
 * @param augmentation what is done to the rows to train on
 */
public record TrainingData(
    ImageBatches train,
    ImageBatches validation,
    int[] validationLabels,
    Shape inputShape,
    Augmentation augmentation) {}
