/** Kernels over arrays. Not for users: may change in any release. */
package io.github.swag4j.swa.internal;
