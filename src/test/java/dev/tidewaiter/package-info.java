/// What holds for the project as a whole: its architecture and the state of its files.
@NullMarked
package dev.tidewaiter;

import org.jspecify.annotations.NullMarked;
