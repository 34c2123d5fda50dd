package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Revision;
import java.util.List;

/// The revision whose declarations are being applied.
///
/// @param notes what the authors may want to know
public record InForce(Revision revision, Declarations declarations, List<Problem> notes) {
  public InForce {
    notes = List.copyOf(notes);
  }
}
