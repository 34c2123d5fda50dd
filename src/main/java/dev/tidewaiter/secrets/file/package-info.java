/// Secrets from files beneath the daemon's allowed directories.
@NullMarked
package dev.tidewaiter.secrets.file;

import org.jspecify.annotations.NullMarked;
