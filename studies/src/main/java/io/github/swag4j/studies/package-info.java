/**
 * Systems of the papers beyond classifiers, each run and shown on real data by a command of the
 * program. May use every module; no module uses it. A study knows the frame and no other study.
 */
package io.github.swag4j.studies;
