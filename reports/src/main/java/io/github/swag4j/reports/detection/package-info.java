/** Charts of telling rows of another distribution apart. */
package io.github.swag4j.reports.detection;
