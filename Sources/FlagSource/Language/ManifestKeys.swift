/// The keys of `ensign.yaml`.
package enum ManifestKey: String, MappingKey {
  case format, project, environments, attributes, owners, policies

  package static let mapping: StaticString = "the manifest"
  package static let table = KeyTable<ManifestKey>()

  package var keyShape: KeyShape {
    switch self {
    case .format:
      KeyShape(
        "the number 1", example: "1", isRequired: true, value: .constant(1),
        summary: "The version of the language in which the tree is written.")
    case .project:
      KeyShape(
        "a name", example: "acme-shop", isRequired: true, value: .name,
        summary: "The project's name, which stands in every snapshot.")
    case .environments:
      KeyShape(
        "a list of names", example: "[staging, production]", isRequired: true, value: .list(of: .name, minimum: 1),
        summary: "The environments, in the order in which changes are promoted.")
    case .attributes:
      KeyShape(
        "a mapping of attributes", example: "{country: {type: string}}",
        value: .dictionary(of: .mapping(AttributeKey.mappingShape), minimum: 0),
        summary: "What a context may say; conditions are checked against it.")
    case .owners:
      KeyShape(
        "a mapping of owners", example: "{payments: {contact: \"#payments\"}}",
        value: .dictionary(of: .mapping(OwnerKey.mappingShape), minimum: 0),
        summary: "Who answers for flags.")
    case .policies:
      KeyShape(
        "a mapping of policies", example: "{production: {requireOwner: true}}",
        value: .dictionary(of: .mapping(PolicyKey.mappingShape), minimum: 0),
        summary: "What a change must comply with, for each environment; `ensign check` enforces it.")
    }
  }
}

/// The keys of an attribute's declaration.
package enum AttributeKey: String, MappingKey {
  case type, values, `private`

  package static let mapping: StaticString = "an attribute"
  package static let table = KeyTable<AttributeKey>()

  package var keyShape: KeyShape {
    switch self {
    case .type:
      KeyShape(
        "an attribute type", example: "string", isRequired: true, value: .word(AttributeType.allCases.map(\.rawValue)),
        summary: "The type of the attribute's values.")
    case .values:
      KeyShape(
        "a list of values", example: "[DE, FR]", value: .list(of: .scalar, minimum: 1),
        summary: "The closed set of values, for the types string, integer, number and version.")
    case .private:
      KeyShape(
        "true or false", example: "true", value: .boolean,
        summary: "Whether the values must never reach a log or telemetry.")
    }
  }
}

/// The keys of an owner.
package enum OwnerKey: String, MappingKey {
  case contact, members

  package static let mapping: StaticString = "an owner"
  package static let table = KeyTable<OwnerKey>()

  package var keyShape: KeyShape {
    switch self {
    case .contact:
      KeyShape("a text", example: "\"#payments\"", value: .text, summary: "How to reach the owner.")
    case .members:
      KeyShape(
        "a list of email addresses", example: "[ada@acme.example]", value: .list(of: .text, minimum: 1),
        summary: "The people whose approvals count as the owner's.")
    }
  }
}
