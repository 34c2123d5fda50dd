@NullMarked
package dev.tidewaiter.registry.oci;

import org.jspecify.annotations.NullMarked;
