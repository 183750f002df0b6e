package org.lamina.manager.core;

import org.lamina.schema.AddressRange;

/**
 * Addresses that {@code --ipadd auto} takes from.
 *
 * @param name a plain word
 */
public record AddressPool(String name, AddressRange range) {}
