/** Training by consistency on the engine, and the judgement of weights from it. */
package io.github.swag4j.studies.semisupervised.djl;
