package io.github.swag4j.swag.djl;

/**
 * How far a prediction is, after a batch.
 *
 * @param samplesDone samples taken into the mean so far, those of a resumed run included
 * @param samples samples asked for; a rule to stop may need fewer
 * @param sample index of the sample the batch was of
 * @param dataSet index of the data set the batch was of
 * @param rows rows of this data set that this sample has predicted so far
 * @param batches batches of all samples and data sets so far, by this run
 */
public record PredictionProgress(
    int samplesDone, int samples, int sample, int dataSet, long rows, long batches) {}
