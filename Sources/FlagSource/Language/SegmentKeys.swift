/// The keys of a segment.
package enum SegmentKey: String, MappingKey {
  case description, include, exclude, includeFrom, when

  package static let mapping: StaticString = "a segment"
  package static let table = KeyTable<SegmentKey>()

  package var keyShape: KeyShape {
    switch self {
    case .description:
      KeyShape("a text", example: "People who opted in.", value: .text, summary: "Who is in the segment.")
    case .include:
      KeyShape(
        "a list of targeting keys", example: "[user-1, user-2]", value: .list(of: .text, minimum: 0),
        summary: "Targeting keys that are always in, unless excluded.")
    case .exclude:
      KeyShape(
        "a list of targeting keys", example: "[user-9]", value: .list(of: .text, minimum: 0),
        summary: "Targeting keys that are never in.")
    case .includeFrom:
      KeyShape(
        "the name of a text file beside the segment", example: "beta-ids.txt", value: .text,
        summary: "A text file of further included targeting keys, one a line.")
    case .when:
      KeyShape(
        "a mapping of conditions", example: "{groups: {includes: beta}}", value: .reference("condition"),
        summary: "Who else is in, unless excluded.")
    }
  }
}
