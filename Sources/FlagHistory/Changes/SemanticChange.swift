package import Ensign

/// One thing that means something else after a change: not lines, but "in production, rule eu-premium of checkout-v2 went
/// from 10 % to 25 %".
///
/// It is found by comparing compiled forms, so comments, layout, the order of keys and the place of a file change nothing.
package struct SemanticChange: Hashable, Sendable {
  package var subject: Subject
  /// The environment, of a flag; nil for what is the same everywhere.
  package var environment: String?
  /// The field that changed; ``FieldPath/whole`` when the subject came, went or cannot be compared.
  package var path: FieldPath
  /// The field's value in the form of the snapshot; nil when there was none.
  ///
  /// Of lists of targeting keys, only the keys that are gone.
  package var before: JSONValue?
  /// The same afterwards; of lists of targeting keys, only those that are new.
  package var after: JSONValue?
  /// The change for people, without the subject and the environment: `rule eu-premium: on 10 % → 25 %`.
  package var text: String
  /// Where the field stood; nil when it did not.
  package var positionBefore: Position?
  /// Where the field stands; nil when it does not.
  package var positionAfter: Position?

  /// What a change is of.
  package enum Subject: Hashable, Sendable {
    case flag(String)
    case segment(String)
    /// The manifest: environments, attributes.
    case project
  }

  /// A place in a file of a commit.
  package struct Position: Hashable, Sendable {
    /// Relative to the top of the repository.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
  }
}

/// A field of a flag, a segment or the project that can change on its own.
package enum FieldPath: Hashable, Sendable {
  case whole
  // Of a flag.
  case type, enabled, off, otherwise
  case metadata(String)
  case variant(String)
  case requirement(String)
  case targets(String)
  /// The names of the rules in their order.
  case ruleOrder
  /// A rule, by its name.
  ///
  /// Validation refuses a name that stands twice; in such a file the n-th of a name is compared with the n-th.
  case rule(String, occurrence: Int, RuleField?)
  // Of a segment.
  case include, exclude, condition
  // Of the project.
  case projectName, environments
  case attribute(String)

  /// A field of a rule.
  package enum RuleField: String, Hashable, Sendable {
    case when, share, serve
  }

  /// The path as JSON has it, such as `rules.eu-premium.serve`; empty for the whole.
  package var text: String {
    switch self {
    case .whole: ""
    case .type: "type"
    case .enabled: "enabled"
    case .off: "off"
    case .otherwise: "otherwise"
    case .metadata(let name): "metadata.\(name)"
    case .variant(let name): "variants.\(name)"
    case .requirement(let flag): "requires.\(flag)"
    case .targets(let variant): "targets.\(variant)"
    case .ruleOrder: "rules"
    case .rule(let name, let occurrence, let field):
      "rules.\(name)" + (occurrence > 0 ? "#\(occurrence + 1)" : "") + (field.map { ".\($0.rawValue)" } ?? "")
    case .include: "include"
    case .exclude: "exclude"
    case .condition: "when"
    case .projectName: "project"
    case .environments: "environments"
    case .attribute(let name): "attributes.\(name)"
    }
  }
}
