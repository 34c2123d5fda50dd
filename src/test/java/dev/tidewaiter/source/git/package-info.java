/// Tests of the Git source against repositories made by Git itself.
@NullMarked
package dev.tidewaiter.source.git;

import org.jspecify.annotations.NullMarked;
