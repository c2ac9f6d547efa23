/** CSV in and out: records, decimals, headers, parallel parts. Not part of the API. */
package io.github.swag4j.calibration.io.csv;
