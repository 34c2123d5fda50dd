package dev.tidewaiter.config;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Validates one document against the schema of its kind.
final class SchemaCheck {
  private final Schemas schemas;

  SchemaCheck(Schemas schemas) {
    this.schemas = schemas;
  }

  /// @return all problems; at most one for each place, the first that the validator finds
  List<Problem> check(Document document, Kind kind) {
    List<Problem> overlong = Overlong.in(document);
    if (!overlong.isEmpty()) {
      return overlong;
    }
    Schemas.Compiled schema = schemas.of(kind);
    List<Problem> problems = new ArrayList<>(Unreleased.in(document, schema));
    problems.addAll(Ambiguous.in(document));
    Set<Place> places = new HashSet<>();
    for (Error error : schema.validator().validate(document.root())) {
      Problem problem = problem(document, schema, error);
      if (places.add(problem.place())) {
        problems.add(problem);
      }
    }
    return problems;
  }

  private static Problem problem(Document document, Schemas.Compiled schema, Error error) {
    NodePath fragment = error.getSchemaLocation().getFragment();
    NodePath owner = fragment.getParent();
    JsonNode node = schema.at(owner == null ? fragment : owner);
    var failure = new Failure(node, pointerOf(error.getInstanceLocation()), document);
    return switch (error.getKeyword()) {
      case "additionalProperties" -> failure.unknown(propertyOf(error));
      case "required" -> failure.missing(propertyOf(error));
      case "dependentRequired" -> failure.alone(argument(error, 0), argument(error, 1));
      default -> failure.wrong(error.getKeyword());
    };
  }

  private static String propertyOf(Error error) {
    String property = error.getProperty();
    return property == null ? "" : property;
  }

  private static String argument(Error error, int at) {
    return String.valueOf(error.getArguments()[at]);
  }

  private static String pointerOf(NodePath path) {
    String pointer = "";
    for (int i = 0; i < path.getNameCount(); i++) {
      pointer = Document.child(pointer, String.valueOf(path.getElement(i)));
    }
    return pointer;
  }
}
