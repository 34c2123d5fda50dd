/// The shared values.
@NullMarked
package dev.tidewaiter.model;

import org.jspecify.annotations.NullMarked;
