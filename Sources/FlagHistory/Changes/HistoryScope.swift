/// What a history is asked about.
package struct HistoryScope: Hashable, Sendable {
  /// Only this flag; nil for all.
  package var flag: String?
  /// Only this segment; nil for all.
  package var segment: String?
  /// Only what concerns this environment, segments and the project among it, because they concern every one; nil for
  /// all.
  package var environment: String?

  package init(flag: String? = nil, segment: String? = nil, environment: String? = nil) {
    self.flag = flag
    self.segment = segment
    self.environment = environment
  }

  var includesFlags: Bool { segment == nil || flag != nil }
  var includesSegments: Bool { flag == nil || segment != nil }
  var includesProject: Bool { flag == nil && segment == nil }

  func includes(flag key: String) -> Bool { includesFlags && (flag ?? key) == key }
  func includes(segment key: String) -> Bool { includesSegments && (segment ?? key) == key }
}
