/// Where declarations come from: snapshots of files at a revision, with the history they need.
@NullMarked
package dev.tidewaiter.source;

import org.jspecify.annotations.NullMarked;
