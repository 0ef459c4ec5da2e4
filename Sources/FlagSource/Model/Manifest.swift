/// `ensign.yaml`: the project, its environments and attributes.
package struct Manifest: Sendable {
  package var file: FileReference
  /// The project's name, a key.
  package var project: Located<String>
  /// The environments in the order in which changes are promoted; never empty, no name twice.
  package var environments: [Located<String>]
  /// The declared attributes by name; the built-in ones are not among them.
  package var attributes: [String: AttributeDeclaration]
  /// The owners that definitions may name.
  package var owners: [String: Located<Owner>]
  /// What changes must comply with, in the order of the file; no environment twice.
  package var policies: [Policy]

  package init(
    file: FileReference, project: Located<String>, environments: [Located<String>],
    attributes: [String: AttributeDeclaration], owners: [String: Located<Owner>],
    policies: [Policy] = []
  ) {
    self.file = file
    self.project = project
    self.environments = environments
    self.attributes = attributes
    self.owners = owners
    self.policies = policies
  }

  /// What changes of an environment must comply with; nil when nothing is said.
  package func policy(of environment: String) -> Policy? { policies.first { $0.environment.value == environment } }

  /// The type of a declared or built-in attribute, nil when there is none of that name.
  package func type(ofAttribute name: String) -> AttributeType? {
    switch name {
    case AttributeDeclaration.targetingKey: .string
    case AttributeDeclaration.now: .timestamp
    default: attributes[name]?.type.value
    }
  }
}

/// Who answers for flags: an entry of `owners`.
package struct Owner: Hashable, Sendable {
  /// How to reach them; nil when the manifest does not say.
  package var contact: String?
  /// The email addresses of the people whose approvals count as the owner's.
  package var members: [String]

  package init(contact: String?, members: [String] = []) {
    self.contact = contact
    self.members = members
  }
}

/// What a context may say: an entry of `attributes`.
package struct AttributeDeclaration: Sendable {
  /// The built-in attribute that says who is asking.
  package static let targetingKey = "targetingKey"
  /// The built-in attribute that holds the moment of evaluation.
  package static let now = "now"

  /// The name with the place of its declaration; dots mean nested objects in the context.
  package var name: Located<String>
  package var type: Located<AttributeType>
  /// The closed set of values, nil when any value is expected.
  ///
  /// Only string, integer, number and version attributes have one.
  package var values: [Located<Operand>]?
  /// True when values must never reach a log or telemetry.
  package var isPrivate: Bool

  package init(name: Located<String>, type: Located<AttributeType>, values: [Located<Operand>]?, isPrivate: Bool) {
    self.name = name
    self.type = type
    self.values = values
    self.isPrivate = isPrivate
  }
}

/// The type of an attribute.
///
/// The raw value is the word that stands in `ensign.yaml` and in snapshots.
package enum AttributeType: String, CaseIterable, Sendable {
  case string, integer, number, boolean, version, timestamp, ip, list
}
