/// Secret stores: a reference to what the store says about it.
///
/// Found, absent, denied and unavailable are told apart here and nowhere lost again: only absence
/// in Git ever removes anything. No value, and no response of a store, reaches a log or a message.
@NullMarked
package dev.tidewaiter.secrets;

import org.jspecify.annotations.NullMarked;
