/// Access tokens of Google, minted with its authentication library, which has its home here.
/// Constructed by the composition root alone; it keeps no token.
@NullMarked
package dev.tidewaiter.registry.google;

import org.jspecify.annotations.NullMarked;
