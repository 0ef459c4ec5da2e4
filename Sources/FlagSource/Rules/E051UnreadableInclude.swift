extension Rule {
  static let unreadableInclude = Rule(
    code: "E051", name: "unreadable-include", level: .error,
    summary: "The file that a segment's `includeFrom` names is not there, or cannot be read.",
    explanation: """
      `includeFrom` names a text file in the segment's own folder, with one targeting key a line. A path with folders is \
      refused, so that a segment and its list are reviewed and moved together.
      """,
    badExample: Example("segments/staff.yaml", "includeFrom: staff.txt\n"),
    goodExample: Example([("segments/staff.yaml", "includeFrom: staff.txt\n"), ("segments/staff.txt", "user-1\n")]))
}

extension Finding {
  static func missingInclude(_ name: String, nearest: String?, at place: Place) -> Finding {
    Finding(
      "E051", level: .error, message: "there is no file \(name.quoted) beside the segment",
      help: nearest.map { "did you mean `\($0)`?" } ?? "put a text file with one targeting key a line there",
      file: place.file, range: place.range)
  }

  static func includeElsewhere(_ name: String, at place: Place) -> Finding {
    Finding(
      "E051", level: .error, message: "\(name.quoted) is no plain file name",
      help: "name a text file in the segment's own folder, such as `beta-ids.txt`", file: place.file, range: place.range
    )
  }

  static func unreadableInclude(_ name: String, _ reason: String, at place: Place) -> Finding {
    Finding(
      "E051", level: .error, message: "the file \(name.quoted) cannot be read: \(reason)",
      help: "put a readable text file of at most 64 MiB there", file: place.file, range: place.range)
  }
}
