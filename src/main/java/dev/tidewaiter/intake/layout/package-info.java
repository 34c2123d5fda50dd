/// A new config repository: its folders, examples that are accepted as they are, and the check of
/// pull requests.
@NullMarked
package dev.tidewaiter.intake.layout;

import org.jspecify.annotations.NullMarked;
