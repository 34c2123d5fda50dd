/// What a change of declarations does to what runs in clusters: what is known of them, what governs
/// a namespace before and after, and what becomes of its workloads. `impact` shows it, and
/// `explain` what governs; nothing here knows a command, an option or a form of output.
@NullMarked
package dev.tidewaiter.cli.impact;

import org.jspecify.annotations.NullMarked;
