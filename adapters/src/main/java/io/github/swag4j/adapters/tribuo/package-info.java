/** Tribuo's predictions as swag4j's. Needs {@code org.tribuo:tribuo-classification-core}. */
package io.github.swag4j.adapters.tribuo;
