/// The members that the snapshot format knows, object by object, each list in ascending order.
///
/// The position of a name in its list is the lane of its value in what ``SnapshotLoader/members(of:_:)`` returns; the
/// constants beside a list name the positions.
enum SnapshotNames {
  static let top: [StaticString] = [
    "attributes", "environment", "flags", "format", "minimumReader", "private", "project", "segments",
  ]
  enum Top {
    static let attributes = 0
    static let environment = 1
    static let flags = 2
    static let format = 3
    static let minimumReader = 4
    static let privateAttributes = 5
    static let project = 6
    static let segments = 7
  }

  static let flag: [StaticString] = [
    "enabled", "metadata", "off", "otherwise", "requires", "rules", "targets", "type", "variants",
  ]
  enum Flag {
    static let enabled = 0
    static let metadata = 1
    static let off = 2
    static let otherwise = 3
    static let requires = 4
    static let rules = 5
    static let targets = 6
    static let type = 7
    static let variants = 8
  }

  static let window: [StaticString] = ["from", "until"]
  static let metadata: [StaticString] = ["kind", "owner", "tags"]
  static let requirement: [StaticString] = ["flag", "variants"]
  static let target: [StaticString] = ["keys", "variant"]
  static let rule: [StaticString] = ["name", "serve", "share", "when"]
  static let share: [StaticString] = ["algorithm", "buckets", "by", "seed"]
  static let ramp: [StaticString] = ["from", "shape", "steps", "variant"]
  static let segment: [StaticString] = ["exclude", "include", "when"]

  static let serve: [StaticString] = ["algorithm", "by", "ramp", "ranges", "seed", "variant"]
  enum Serve {
    static let algorithm = 0
    static let by = 1
    static let ramp = 2
    static let ranges = 3
    static let seed = 4
    static let variant = 5
  }

  static let condition: [StaticString] = ["all", "any", "attribute", "ignoreCase", "not", "op", "segment", "values"]
  enum Condition {
    static let all = 0
    static let any = 1
    static let attribute = 2
    static let ignoreCase = 3
    static let not = 4
    static let op = 5
    static let segment = 6
    static let values = 7
  }
}
