/// Secret material to the credential of a registry, with its expiry.
@NullMarked
package dev.tidewaiter.registry;

import org.jspecify.annotations.NullMarked;
