/// The benchmark: what `make bench` measures, on real servers, with the launcher that is shipped.
@NullMarked
package dev.tidewaiter.bench;

import org.jspecify.annotations.NullMarked;
