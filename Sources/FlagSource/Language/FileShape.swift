/// The kinds of files in a flags tree, with what may stand in them.
package enum FileShape: String, CaseIterable, Sendable {
  case manifest, definition, environment, segment, tests

  /// Which files are of this kind, relative to the tree's root.
  package var path: StaticString {
    switch self {
    case .manifest: "ensign.yaml"
    case .definition: "definitions/…/<flag>.yaml"
    case .environment: "environments/<environment>/…/<flag>.yaml"
    case .segment: "segments/…/<segment>.yaml"
    case .tests: "tests/…/*.yaml"
    }
  }

  /// What the whole file is.
  package var value: ValueShape {
    switch self {
    case .manifest: .mapping(ManifestKey.mappingShape)
    case .definition: .mapping(DefinitionKey.mappingShape)
    case .environment: .mapping(ConfigKey.mappingShape)
    case .segment: .mapping(SegmentKey.mappingShape)
    case .tests: .list(of: .mapping(Self.test), minimum: 0)
    }
  }

  /// The shapes that ``ValueShape/reference(_:)`` names.
  package static let definitions: [(name: String, value: ValueShape)] = [
    ("condition", .mapping(condition)),
    ("serve", .either([.name, .mapping(serve)])),
    ("attributeTest", .either([.scalar, .list(of: .scalar, minimum: 1), .mapping(AttributeTestKey.mappingShape)])),
  ]

  private static var condition: MappingShape {
    var shape = ConditionKey.mappingShape
    shape.others = .reference("attributeTest")
    return shape
  }

  private static var serve: MappingShape {
    var shape = ServeKey.mappingShape
    shape.exactlyOne = [["split", "ranges", "ramp"]]
    return shape
  }

  private static var test: MappingShape {
    var shape = TestKey.mappingShape
    shape.exactlyOne = [["expect", "expectValue"]]
    return shape
  }
}
