/// The command line: commands, exit codes, output, and the only place that names an adapter.
@NullMarked
package dev.tidewaiter.cli;

import org.jspecify.annotations.NullMarked;
